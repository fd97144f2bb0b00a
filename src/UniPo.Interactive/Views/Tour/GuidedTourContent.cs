namespace UniPo.Interactive;

/// <summary>The six beats of a training step.</summary>
internal enum Beat
{
    Prompts,
    Responses,
    Rewards,
    Advantages,
    Weights,
    Update,
}

/// <summary>Everything a tour tells: one group of the step, beat by beat.</summary>
internal sealed class GuidedTourContent
{
    private const int MostResponses = 6,
        MostTokens = 10;

    public GuidedTourContent(TrainingStep step)
    {
        Step = step;
        Report = step.Report!;
        // A group with both good and bad answers has a story to tell.
        var groups = Report.Batch.Groups;
        Group = Enumerable
            .Range(0, groups.Count)
            .OrderByDescending(g => Spread(groups[g].Responses.Take(MostResponses)))
            .ThenByDescending(g => Spread(groups[g].Responses))
            .First();
        var table = Report.Tokens() with { Chosen = [Group], ResponsesPerPrompt = MostResponses, TokensPerResponse = MostTokens };
        Tokens = new TokenTableContent(table);
        Rows = Tokens.Groups.Count == 0 ? [] : Tokens.Groups[0].Rows;
    }

    public TrainingStep Step { get; }

    public TokenReport Report { get; }

    /// <summary>Index of the group that is followed.</summary>
    public int Group { get; }

    public ResponseGroup Followed => Report.Batch.Groups[Group];

    public TokenTableContent Tokens { get; }

    public IReadOnlyList<TokenRow> Rows { get; }

    public double MeanReward => Followed.Responses.Average(r => r.Reward);

    public string Title => $"Step {Numbers.Count(Step.Step)} of {VisibleText.Of(Report.Objective.Name)} in six beats";

    public static IReadOnlyList<Beat> Beats { get; } = Enum.GetValues<Beat>();

    public static string Name(Beat beat) => beat.ToString().ToLowerInvariant();

    public string Says(Beat beat)
    {
        var batch = Report.Batch;
        return beat switch
        {
            Beat.Prompts => $"{Numbers.Of(batch.Groups.Count, "prompt")} are put to the policy.",
            Beat.Responses =>
                $"It answers each {Numbers.Of(Followed.Responses.Count, "time")}. Sampling is random, so the answers differ; here are those to {VisibleText.Of(Followed.Prompt.Text, 60)}",
            Beat.Rewards => $"Each answer is checked. The mean reward of this group is {Numbers.Short(MeanReward)}.",
            Beat.Advantages => $"How good is that, compared with what was to be expected? {AdvantageWords}.",
            Beat.Weights =>
                "Advantage, trust region, KL and aggregation end in one weight a token: ▲ raises its probability, ▼ lowers it."
                    + (Tokens.Colouring.Unit.Length > 0 ? $" In units of {Tokens.Colouring.Unit}." : ""),
            _ => $"The parameters move along Σ w·∇log π. {Changed}",
        };
    }

    /// <summary>The numbers of the last beat.</summary>
    public IEnumerable<(string Name, string Value)> Update()
    {
        var weights = Report.Weight.Values.ToArray();
        yield return ("tokens raised", Numbers.Count(weights.Count(w => w > 0)));
        yield return ("tokens lowered", Numbers.Count(weights.Count(w => w < 0)));
        yield return ("tokens left alone", Numbers.Count(weights.Count(w => w == 0)));
        yield return ("objective", Numbers.Objective(Report));
        foreach (var key in new[] { "grad_norm", "learning_rate", "kl" })
            if (Step.Metric(key) is { } value)
                yield return (MetricGlossary.Find(key).Label, Numbers.Short(value));
    }

    private static double Spread(IEnumerable<Response> responses) =>
        responses.Select(r => r.Reward).ToArray() is var rewards && rewards.Average() is var mean
            ? rewards.Sum(r => (r - mean) * (r - mean))
            : 0;

    private string AdvantageWords =>
        Report.Objective.Parts.FirstOrDefault(p => p.Name == "advantage") is { } part
            ? "Advantage: " + part.InWords
            : "The objective says so";

    private string Changed =>
        Step.Metric("grad_norm") is { } norm
            ? $"The gradient has the length {Numbers.Short(norm)}, although the objective’s value is only {Numbers.Objective(Report)}."
            : "";
}
