namespace UniPo.Interactive.Tests.Views;

/// <summary>One example of every view, for the tests that hold for all of them.</summary>
public static class EveryView
{
    /// <summary>Names of the examples.</summary>
    public static TheoryData<string> Names => [.. _examples.Keys];

    private static readonly Dictionary<string, Func<View>> _examples = new()
    {
        ["token table"] = () => Sample.Grpo(Sample.Sums()).Tokens(),
        ["token table by ratio"] = () => Sample.Grpo(Sample.Sums()).Tokens(TokenColour.Ratio),
        ["token table of a batch"] = () => Sample.Sums().Tokens(),
        ["large token table"] = () => Sample.Grpo(Sample.Large(8, 16, 40)).Tokens(),
        ["learning curves"] = () => Sample.Run(passes: 2).Curves(),
        ["learning curves of seeds"] = () => Sample.Seeds().Curves(),
        ["explorer"] = () => Sample.RunWithTokens().Explore(),
        ["token card"] = () => new TokenCard(Sample.Grpo(Sample.Sums()).Explain(0, 1)),
        ["what-if"] = () => Sample.Grpo(Sample.Sums()).WhatIf(Algorithms.Reinforce),
        ["moment"] = () => Sample.Followed().Moment(),
        ["radial overview"] = () => Sample.Run().Radial(),
        ["compared tokens"] = () => Sample.Reports().SideBySide(),
        ["compared runs"] = () => Sample.Seeds().Ranking(),
        ["difference card"] = () => new DifferenceCard(Algorithms.Grpo.Against(Algorithms.Reinforce)),
        ["formula card"] = () => Algorithms.Grpo.Card(),
        ["clip plot"] = () => Sample.Grpo(Sample.Large()).ClipPlot(),
        ["distributions"] = () => Sample.Grpo(Sample.Large()).Distributions(),
        ["record"] = () => Sample.Run().Header.Show(),
        ["records"] = () => Sample.Run(5).Steps.Show(),
        ["table of a cell's own rows"] = () =>
            new[] { new { response = "5$", PushWith = 0.125 }, new { response = "<b>", PushWith = -0.25 } }.Table(
                "Push on the first token"
            ),
        ["line chart"] = () =>
            LineChart.Of(
                "Weight of a token",
                "tokens in the response",
                [2, 4, 6],
                ("GRPO", [0.25, 0.125, 0.0833]),
                ("Dr. GRPO", [0.0625, double.NaN, 0.0625])
            ),
        ["exercise"] = () => Check.That("Advantage of the winner", 0.4, 0.5, "Think of the mean.", "Subtract it."),
    };

    internal static View Example(string name) => _examples[name]();

    internal static IEnumerable<View> All => _examples.Values.Select(f => f());
}
