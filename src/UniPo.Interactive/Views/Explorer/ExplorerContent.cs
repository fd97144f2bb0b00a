namespace UniPo.Interactive;

/// <summary>Everything an explorer says in its first state, before it becomes HTML or text.</summary>
internal sealed class ExplorerContent
{
    // A screenful of the overview; the other metrics stand in the step inspector.
    private const int OverviewPanels = 4;

    // What the tokens of all kept steps may take.
    private const int Bytes = 640_000,
        FewestSteps = 12,
        MostSteps = 160;

    public ExplorerContent(Explorer view)
    {
        View = view;
        var steps = view.Run.Steps;
        WithTokens =
            steps.Count == 0 ? [] : ExplorerSteps.Choose(view.Run, view.AllTokens ? int.MaxValue : view.TokenSteps ?? Room());
        Index = Start();
        var curves = view.Run.Curves() with { Metrics = view.Metrics };
        Curves = new LearningCurvesContent(
            curves with
            {
                Metrics = [.. curves.Panels().Take(view.Metrics.Count > 0 ? int.MaxValue : OverviewPanels)],
            }
        )
        {
            Selected = Step?.Step,
            Kept = WithTokens.Count < steps.Count ? [.. WithTokens.Select(i => steps[i].Step)] : [],
            Frame = PlotFrame.Small,
        };
    }

    public Explorer View { get; }

    public TrainingRun Run => View.Run;

    /// <summary>Indices of the steps that keep their tokens, ascending.</summary>
    public IReadOnlyList<int> WithTokens { get; }

    /// <summary>Index of the open step; −1 in an empty run.</summary>
    public int Index { get; }

    /// <summary>The open step; null in an empty run.</summary>
    public TrainingStep? Step => Index < 0 ? null : Run.Steps[Index];

    public LearningCurvesContent Curves { get; }

    /// <summary>The tokens of the open step; null where it has none.</summary>
    public TokenTable? Tokens => Step is { Report: not null } step && WithTokens.Contains(Index) ? TokensOf(step) : null;

    /// <summary>
    /// The token whose numbers stand in the formula: the one pushed hardest among those shown; null without tokens.
    /// </summary>
    public (int Row, int Position)? Token
    {
        get
        {
            if (Tokens is not { Report: { } report } table)
                return null;
            var layout = report.Batch.Layout;
            var shown = new TokenTableContent(table).Groups.SelectMany(g =>
                g.Rows.Select(r => (Row: layout.GroupStarts[g.Index] + r.Number - 1, r.Shown))
            );
            return shown
                .SelectMany(r => Enumerable.Range(0, r.Shown).Select(t => (r.Row, Position: t)))
                .OrderByDescending(t => Math.Abs(report.Weight[t.Row, t.Position]))
                .Select(t => ((int, int)?)t)
                .FirstOrDefault();
        }
    }

    /// <summary>Metrics of the open step, in the glossary's order.</summary>
    public IEnumerable<(Metric Metric, double Value)> Facts =>
        Step is null ? [] : Step.Metrics.Select(m => (MetricGlossary.Find(m.Key), m.Value));

    public IEnumerable<string> StepNotes()
    {
        if (Step is null)
            yield break;
        if (Tokens is null)
            yield return WithTokens.Count == 0
                ? "This run keeps no tokens, only metrics. A trainer keeps them with TokensEvery = 1 in its options."
                : $"This step keeps no tokens here. The nearest step that has them is {Numbers.Count(Run.Steps[Nearest(Index)].Step)}.";
        foreach (var warning in Step.Warnings)
            yield return VisibleText.Of(warning, 400);
        if (Step.Report is { Ratio: { } ratios } report && !ratios.Values.ContainsAnyExcept(1.0))
            yield return "First pass on fresh responses: every ratio is 1 and nothing is clipped. "
                + $"The objective’s value is {Numbers.Objective(report)}, and still the gradient is not 0: the value adds up what cancels, the gradient does not.";
    }

    /// <summary>
    /// Dynamic sampling keeps a group only when its rewards differ: that condition, on the group of the token in the formula; null
    /// where nothing is compared inside a group.
    /// </summary>
    public string? SamplingCondition
    {
        get
        {
            if (
                Step?.Report is not { Objective: PolicyObjective { Advantage: OutcomeAdvantage } } report
                || Token is not { } token
            )
                return null;
            var rewards = report.Batch.Groups[report.Batch.Layout.GroupOf[token.Row]].Responses.Select(r => r.Reward).ToArray();
            if (rewards.Length < 2)
                return null;
            var (best, count) = (rewards.Max(), rewards.Count(r => r == rewards.Max()));
            return rewards.Min() == best
                ? $"Dynamic sampling: all {rewards.Length} rewards of this group are {Numbers.Short(best)}, so 0 < #best < G does not hold and the group would be replaced."
                : $"Dynamic sampling: 0 < {count} < {rewards.Length} responses of this group have the best reward {Numbers.Short(best)}, so the group would be kept.";
        }
    }

    /// <summary>The table of a step's tokens: at first those prompts that teach something.</summary>
    public TokenTable TokensOf(TrainingStep step) => TokensOf(step.Report!);

    private TokenTable TokensOf(TokenReport report)
    {
        var colour = Measured(report);
        if (View.AllTokens)
            return report.Tokens(colour) with
            {
                Prompts = Math.Max(1, report.Batch.Groups.Count),
                ResponsesPerPrompt = int.MaxValue,
                TokensPerResponse = int.MaxValue,
                MostTokens = int.MaxValue,
            };
        var order = Enumerable.Range(0, report.Batch.Groups.Count).OrderBy(g => Spread(report, g) == 0).Take(2).Order();
        return report.Tokens(colour) with
        {
            Chosen = [.. order],
            Prompts = 2,
            ResponsesPerPrompt = 16,
            TokensPerResponse = 24,
            MostTokens = 2 * 16 * (24 + TokenTable.RowInTokens),
        };
    }

    // A step's tokens are about twenty bytes each, and its responses and prompts another thousand.
    private int Room()
    {
        var most = Run
            .Steps.Select(s => s.Report)
            .OfType<TokenReport>()
            .Take(8)
            .Select(r => new TokenTableContent(TokensOf(r)).Groups.Sum(g => g.Rows.Sum(row => row.Shown)))
            .DefaultIfEmpty(0)
            .Max();
        return Math.Clamp(Bytes / (1000 + 20 * most), FewestSteps, MostSteps);
    }

    /// <summary>Index of the step with tokens that is nearest to another.</summary>
    public int Nearest(int index) => WithTokens.MinBy(w => Math.Abs(w - index));

    // Another program's log may hold its objective's terms, or advantages, and no weights.
    private static TokenColour Measured(TokenReport report) =>
        new[] { TokenColour.Weight, TokenColour.Objective, TokenColour.Advantage, TokenColour.Probability }.FirstOrDefault(c =>
            TokenColouring.Column(c, report.Batch, report) is not null
        );

    private int Start()
    {
        var steps = Run.Steps;
        if (steps.Count == 0)
            return -1;
        if (View.Step is not { } wanted)
            return WithTokens.Count > 0 ? WithTokens[^1] : steps.Count - 1;
        return Enumerable.Range(0, steps.Count).MinBy(i => Math.Abs((long)steps[i].Step - wanted));
    }

    private static double Spread(TokenReport report, int group)
    {
        var rewards = report.Batch.Groups[group].Responses.Select(r => r.Reward).ToArray();
        return rewards.Length == 0 ? 0 : rewards.Max() - rewards.Min();
    }
}
