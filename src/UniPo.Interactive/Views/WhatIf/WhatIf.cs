using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// The weights of a batch, and the settings that made them. With a script the settings become sliders that recolour the tokens at
/// once.
/// </summary>
public sealed record WhatIf : View
{
    /// <summary>The knobs of a report's objective.</summary>
    public WhatIf(TokenReport report)
    {
        TrainingStep.RequireKept(report);
        Report = report;
    }

    /// <summary>The weights as they are.</summary>
    public TokenReport Report { get; }

    /// <summary>Other objectives to put in this one's place on the same rollouts.</summary>
    public IReadOnlyList<Objective> Others { get; init; } = [];

    // The other objectives take room, too.
    private TokenTable Table => Report.Tokens() with { MostTokens = 420 };

    private protected override string Element => "what-if";

    private protected override string[] StyleSections => ["tokens", "marks", "card", "record"];

    private protected override IEnumerable<Block> Blocks() =>
        [
            new Picture(html => html.Heading(Title), page => page.Line(Title)),
            new Picture(
                html => Formulas.Symbols(html, Report.Objective.Formula.Settings),
                page =>
                {
                    foreach (var setting in Report.Objective.Formula.Settings)
                        page.Line($"{setting}");
                }
            ),
            new Notes([AsItIs(), .. Compared()]),
            new Picture(
                html =>
                {
                    ExplainKnobs(html);
                    html.Open("div", ("class", "below")).Line();
                    new TokenTableHtml(new TokenTableContent(Table), html).Write();
                    html.Close().Line();
                },
                page => new TokenTableText(new TokenTableContent(Table), page.Gap()).Write()
            ),
        ];

    /// <summary>The words on the knobs, which the script takes from the end of the view.</summary>
    internal static void ExplainKnobs(HtmlWriter html)
    {
        foreach (
            var word in (ReadOnlySpan<string>)
                ["baseline", "standard deviation", "importance ratio", "trust region", "clip", "aggregation", "KL penalty"]
        )
            html.Explained(word);
    }

    private string Title => $"What if? The settings of {VisibleText.Of(Report.Objective.Name)}";

    private string AsItIs() => $"{VisibleText.Of(Report.Objective.Name)}: {InNumbers(Report)}.";

    // What the script will compute when another objective is chosen stands here already, for readers without it.
    private IEnumerable<string> Compared()
    {
        foreach (var other in Others)
        {
            string text;
            try
            {
                text = InNumbers(other.Evaluate(Unmasked.Of(Report)));
            }
            catch (ArgumentException fault)
            {
                text = fault.Message.TrimEnd('.');
            }
            yield return $"{VisibleText.Of(other.Name)} on the same rollouts: {text}.";
        }
    }

    private static string InNumbers(TokenReport report)
    {
        var summary = report.Summary;
        return $"objective {Numbers.Objective(report)}"
            + (summary.ClipFraction is { } clipped ? $", stopped by the trust region {Numbers.Share(clipped)}" : "")
            + $", without gradient {Numbers.Share(summary.TokensWithoutGradient)}";
    }

    private protected override JsonObject? Payload() => Table.TokenPayload(Others.Count > 0 ? Others : Algorithms.All);
}
