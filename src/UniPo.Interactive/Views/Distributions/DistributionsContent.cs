namespace UniPo.Interactive;

/// <summary>A histogram: bars of equal width over round numbers, one count for each series.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Of">What one count is, for instance <c>token</c>.</param>
/// <param name="Edges">[K + 1] where the bars begin and end.</param>
/// <param name="Series">Name and [K] counts.</param>
/// <param name="Bounds">Numbers to mark, with their label.</param>
/// <param name="Values">How many numbers there are.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
internal sealed record Histogram(
    string Name,
    string Unit,
    string Of,
    double[] Edges,
    IReadOnlyList<(string Name, int[] Counts)> Series,
    IReadOnlyList<(double At, string Label)> Bounds,
    int Values,
    double Mean,
    double Low,
    double High
)
{
    public int Most => Enumerable.Range(0, Edges.Length - 1).Max(b => Series.Sum(s => s.Counts[b]));

    /// <summary>True when only whole numbers were counted: a bar is one of them.</summary>
    public bool IsWhole => Edges.Length > 1 && Edges[1] - Edges[0] == 1 && Edges[0] != Math.Floor(Edges[0]);

    public string Summary =>
        $"{Numbers.Of(Values, Of)} from {Numbers.Short(Low, Math.Abs(High))} to {Numbers.Short(High, Math.Abs(Low))}, mean {Numbers.Short(Mean)}";
}

/// <summary>Everything distributions say, before they become HTML or text.</summary>
internal sealed class DistributionsContent
{
    private readonly Distributions _view;

    public DistributionsContent(Distributions view)
    {
        _view = view;
        Panels = [.. new[] { Ratio(), Advantage(), Kl(), Lengths() }.OfType<Histogram>()];
    }

    public TokenReport Report => _view.Report;

    public IReadOnlyList<Histogram> Panels { get; }

    public string Title => $"Distributions of {VisibleText.Of(Report.Objective.Name)}";

    public string Size =>
        $"{Numbers.Of(Report.Batch.Responses.Count, "response")}, {Numbers.Of(Report.Batch.Layout.ActiveTokens, "token")} that count";

    public IEnumerable<string> Notes()
    {
        var still = Report.Summary.TokensWithoutGradient;
        yield return $"{Numbers.Share(still)} of the tokens get no gradient{(Report.Summary.ClipFraction is { } clipped ? $"; the trust region stops {Numbers.Share(clipped)}" : "")}"
            + (
                Report.Summary.SilentGroups is > 0 and var silent
                    ? $"; {Numbers.Share(silent)} of the groups are without signal."
                    : "."
            );
        if (Report.Ratio is { } ratios && Active(ratios).ToArray() is { Length: > 0 } all && all.All(r => r == 1))
            yield return "Every ratio is 1: the policy is still the one that sampled.";
    }

    /// <summary>What the view says.</summary>
    public IEnumerable<Block> Blocks() =>
        [
            new Heading(Title, Size),
            new Notes(Panels.Count == 0 ? ["This batch holds no tokens that count, so there is nothing to draw."] : []),
            new Picture(html => new Histograms(html).Draw(Panels), Say),
            new Notes(Notes()),
        ];

    private void Say(TextPage page)
    {
        foreach (var panel in Panels)
        {
            page.Gap().Line($"{panel.Name}{(panel.Unit.Length > 0 ? $" ({panel.Unit})" : "")}: {panel.Summary}");
            var names = panel.Series.Max(s => VisibleText.Width(s.Name));
            foreach (var (name, counts) in panel.Series)
                page.Line(
                    $"  {name.PadRight(names)}  {Sparkline.Of([.. counts.Select(c => (double)c)], counts.Length)}  {counts.Sum()}"
                );
            if (panel.Bounds.Count > 0)
                page.Line($"  bounds: {string.Join(", ", panel.Bounds.Select(b => b.Label))}");
        }
    }

    private Histogram? Ratio()
    {
        if (Report.Ratio is not { } ratios)
            return null;
        var bounds = (Report.Objective as PolicyObjective)?.Clip is Clip clip
            ? new[] { (1 - clip.Low, Numbers.Short(1 - clip.Low)), (1 + clip.High, Numbers.Short(1 + clip.High)) }
            : [];
        return Make("ratio", "", "token", [("tokens", Active(ratios).ToArray())], bounds);
    }

    private Histogram? Advantage() =>
        Report.Advantage is { } column ? Make("advantage", "", "token", [("tokens", Active(column).ToArray())], []) : null;

    private Histogram? Kl() =>
        TokenColouring.Column(TokenColour.Kl, Report.Batch, Report) is { } column
            ? Make("KL", "nats", "token", [("tokens", Active(column).ToArray())], [])
            : null;

    // "Right" is the best reward of the batch: that is what a verifiable task gives for a right answer.
    private Histogram? Lengths()
    {
        var responses = Report.Batch.Responses;
        if (responses.Count == 0)
            return null;
        var best = responses.Max(r => r.Reward);
        var right = responses.Where(r => r.Reward == best).Select(r => (double)r.Length).ToArray();
        var wrong = responses.Where(r => r.Reward < best).Select(r => (double)r.Length).ToArray();
        return Make(
            "response length",
            "tokens",
            "response",
            wrong.Length == 0
                ? [($"reward {Numbers.Short(best)}", right)]
                : [($"reward {Numbers.Short(best)}", right), ("less reward", wrong)],
            []
        );
    }

    private IEnumerable<double> Active(TokenColumn column)
    {
        var values = column.Values.ToArray();
        return Enumerable
            .Range(0, values.Length)
            .Where(t => Report.Batch.Layout.IsActive(t) && double.IsFinite(values[t]))
            .Select(t => values[t]);
    }

    private Histogram? Make(
        string name,
        string unit,
        string of,
        (string Name, double[] Values)[] series,
        (double, string)[] bounds
    )
    {
        var all = series.SelectMany(s => s.Values).ToArray();
        if (all.Length == 0)
            return null;
        var (low, high) = (all.Min(), all.Max());
        var whole = all.All(v => v == Math.Floor(v)) && high - low < _view.Bars;
        var (from, to, bars) =
            whole ? (low - 0.5, high + 0.5, (int)(high - low) + 1)
            : low == high ? (low - 0.5, low + 0.5, 5)
            : Round(low, high);
        var edges = Enumerable.Range(0, bars + 1).Select(b => from + (to - from) * b / bars).ToArray();
        int[] Count(double[] values)
        {
            var counts = new int[bars];
            foreach (var value in values)
                counts[Math.Clamp((int)((value - from) / (to - from) * bars), 0, bars - 1)]++;
            return counts;
        }
        return new Histogram(
            name,
            unit,
            of,
            edges,
            [.. series.Select(s => (s.Name, Count(s.Values)))],
            bounds,
            all.Length,
            all.Average(),
            low,
            high
        );
    }

    private (double From, double To, int Bars) Round(double low, double high)
    {
        var axis = Axis.Round(low, high, 0, 1, Math.Max(2, _view.Bars * 2 / 3), fromZero: false);
        return (axis.Low, axis.High, Math.Max(1, axis.Ticks.Count - 1));
    }
}
