namespace UniPo.Interactive;

/// <summary>What one setting reached.</summary>
/// <param name="Series">Its number among the curves.</param>
/// <param name="Label">Its name.</param>
/// <param name="Reached">The result over the seeds; null when no seed has one.</param>
/// <param name="Difference">Result minus that of the first setting, seed by seed; null for the first, or when no seed occurs in
/// both.</param>
internal sealed record Standing(int Series, string Label, Estimate? Reached, Estimate? Difference)
{
    /// <summary>What the interval allows to say.</summary>
    public string Verdict =>
        Difference is null ? (Series == 0 ? "the first" : "no seed in common")
        : Difference.Count < 2 ? "one seed: cannot be told"
        : Difference.IsPositive ? "better"
        : Difference.IsNegative ? "worse"
        : "not told apart";
}

/// <summary>The ranking of a comparison.</summary>
internal sealed class ComparedRunsContent
{
    private const int LastSteps = 10;

    private readonly LearningCurvesContent _curves;
    private readonly double _low,
        _high;

    public ComparedRunsContent(LearningCurvesContent curves)
    {
        _curves = curves;
        IsHeldOut = curves.View.Runs.All(r => r.After is not null);
        var first = curves.Series[0].Runs;
        Standings =
        [
            .. curves
                .Series.Select(
                    (s, i) => new Standing(i, s.Label, Of([.. s.Runs.Select(Result)]), i == 0 ? null : Paired(s.Runs, first))
                )
                .OrderByDescending(s => s.Reached?.Mean ?? double.NegativeInfinity),
        ];
        var ends = Standings
            .Select(s => s.Reached)
            .OfType<Estimate>()
            .SelectMany(e => e.Count > 1 ? new[] { e.Low, e.High, e.Mean } : [e.Mean])
            .DefaultIfEmpty(0)
            .ToArray();
        // A share has no place beyond 0 and 1, however wide its interval is.
        var bounded = curves.View.Runs.Select(Result).Where(double.IsFinite).All(r => r is >= 0 and <= 1);
        var axis = Axis.Round(ends.Min(), ends.Max(), 0, 1, 4, fromZero: false, within: bounded ? (0, 1) : null);
        (_low, _high) = (axis.Low, axis.High);
    }

    /// <summary>True when held-out accuracy is compared; otherwise the mean reward of the last steps.</summary>
    public bool IsHeldOut { get; }

    /// <summary>Settings, the best mean first.</summary>
    public IReadOnlyList<Standing> Standings { get; }

    public string First => _curves.Series[0].Label;

    public string What => IsHeldOut ? "held-out accuracy after training" : $"mean reward of the last {LastSteps} steps";

    public string Note =>
        $"Mean over the seeds with the 95 % interval (Student’s t). Differences to {First} are taken seed by seed: what the seeds have in common drops out.";

    /// <summary>What the view says.</summary>
    public IEnumerable<Block> Blocks() =>
        [
            new Grid(
                "Ranking",
                [
                    new("setting") { Names = true },
                    new("mean and interval", IsNumber: true, Word: "confidence interval"),
                    new(Scale) { InText = false },
                    new("seeds", IsNumber: true),
                    new("difference", IsNumber: true),
                    new("verdict"),
                ],
                [.. Standings.Select(Line)]
            )
            {
                Titled = true,
                Sub = What,
                Kind = "standings",
            },
            new Notes(Note),
        ];

    private Row Line(Standing standing) =>
        new(
            standing.Label,
            Number(standing.Reached),
            new Cell("")
            {
                Draw = html =>
                {
                    if (standing.Reached is { } reached)
                        new Whisker(html, _low, _high, _curves.Looks[standing.Series]).Draw(reached);
                },
            },
            Numbers.Count(standing.Reached?.Count ?? 0),
            Number(standing.Difference, signed: true),
            standing.Verdict
        )
        {
            Series = standing.Series,
        };

    // The interval goes below the mean where both in a row would push the verdict out of sight.
    private static Cell Number(Estimate? estimate, bool signed = false)
    {
        var (mean, interval) = Write(estimate, signed);
        return new Cell(mean, interval.Length > 0 ? interval : null);
    }

    private string Scale => $"from {Numbers.Short(_low)} to {Numbers.Short(_high)}";

    /// <summary>An estimate's mean, and its interval in brackets; empty where one seed gives none.</summary>
    /// <remarks>Two digits of the interval's reach are all that a mean can bear.</remarks>
    public static (string Mean, string Interval) Write(Estimate? estimate, bool signed = false)
    {
        if (estimate is null)
            return (Numbers.Missing, "");
        if (estimate.Count < 2)
            return (signed ? Numbers.Signed(estimate.Mean) : Numbers.Short(estimate.Mean), "");
        var step = (estimate.High - estimate.Low) / 2;
        var mean = Numbers.Rounded(estimate.Mean, step);
        return (
            signed && estimate.Mean > 0 ? "+" + mean : mean,
            $"[{Numbers.Rounded(estimate.Low, step)}, {Numbers.Rounded(estimate.High, step)}]"
        );
    }

    private double Result(TrainingRun run) =>
        IsHeldOut
            ? run.After!.ExactProbability ?? run.After.SampledAccuracy
            : run
                .Steps.TakeLast(LastSteps)
                .Select(s => s.Metric("reward") ?? double.NaN)
                .Where(double.IsFinite)
                .DefaultIfEmpty(double.NaN)
                .Average();

    private Estimate? Paired(IReadOnlyList<TrainingRun> runs, IReadOnlyList<TrainingRun> first)
    {
        var pairs = runs.Select(r => (Own: r, Other: first.FirstOrDefault(f => f.Header.Seed == r.Header.Seed)))
            .Where(p => p.Other is not null)
            .Select(p => Result(p.Own) - Result(p.Other!));
        return Of([.. pairs]);
    }

    private static Estimate? Of(double[] values) =>
        values.Where(double.IsFinite).ToArray() is { Length: > 0 } finite ? Estimate.Of(finite) : null;
}
