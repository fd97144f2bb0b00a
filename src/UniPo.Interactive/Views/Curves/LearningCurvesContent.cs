namespace UniPo.Interactive;

/// <summary>One curve: the mean of its seeds, and how far they spread.</summary>
/// <param name="Label">Name in the legend.</param>
/// <param name="Steps">[N] step numbers, ascending.</param>
/// <param name="Mean">[N] the value, or the mean of the seeds; NaN where it is not a number, <see cref="LinePlot.Unmeasured"/> where nobody measured it.</param>
/// <param name="Low">[N] lowest seed; null for one run.</param>
/// <param name="High">[N] highest seed; null for one run.</param>
internal sealed record Curve(string Label, int[] Steps, double[] Mean, double[]? Low, double[]? High)
{
    public int FirstIndex => Array.FindIndex(Mean, double.IsFinite);

    public int LastIndex => Array.FindLastIndex(Mean, double.IsFinite);

    public int LowestIndex => Extreme((a, b) => a < b);

    public int HighestIndex => Extreme((a, b) => a > b);

    /// <summary>A number of the curve; a dash when it has none.</summary>
    public string At(int index) => index < 0 ? Numbers.Missing : Format.Write(Mean[index]);

    /// <summary>A number of the curve and its step.</summary>
    public string AtStep(int index) => index < 0 ? Numbers.Missing : $"{At(index)} (step {Numbers.Count(Steps[index])})";

    // First, last, lowest and highest stand beside each other, so they have one format.
    private NumberFormat Format =>
        field ??= NumberFormat.Of(
            FirstIndex < 0 ? [] : [Mean[FirstIndex], Mean[LastIndex], Mean[LowestIndex], Mean[HighestIndex]]
        );

    private int Extreme(Func<double, double, bool> better)
    {
        var best = -1;
        for (var i = 0; i < Mean.Length; i++)
            if (double.IsFinite(Mean[i]) && (best < 0 || better(Mean[i], Mean[best])))
                best = i;
        return best;
    }
}

/// <summary>A metric and its curves.</summary>
internal sealed record CurvePanel(Metric Metric, IReadOnlyList<Curve> Curves)
{
    /// <summary>
    /// What the metric can be at all, so that neither axis nor band reaches beyond it: a share lies in [0, 1], a length is not
    /// negative; null for a metric that can be anything.
    /// </summary>
    public (double Low, double High)? Bounds
    {
        get
        {
            var key = Metric.Key;
            var values = Curves.SelectMany(c => c.Mean).Where(double.IsFinite).ToArray();
            bool Says(params ReadOnlySpan<string> words)
            {
                foreach (var word in words)
                    if (key.Contains(word, StringComparison.Ordinal))
                        return true;
                return false;
            }
            return values.Any(v => v < 0) ? null
                : Says("accuracy", "fraction", "share", "reward") && values.All(v => v <= 1) ? (0, 1)
                : Says("norm", "entropy", "length", "std") ? (0, double.PositiveInfinity)
                : null;
        }
    }
}

/// <summary>Everything learning curves say, before they become HTML or text.</summary>
internal sealed class LearningCurvesContent
{
    public LearningCurvesContent(LearningCurves view)
    {
        View = view;
        Series = Group(view.Runs);
        // With two seeds the interval is twelve standard errors wide: true, but no picture.
        IsInterval = Series.Where(s => s.Runs.Count > 1).All(s => s.Runs.Count > 2);
        Panels =
        [
            .. view.Panels()
                .Select(key => new CurvePanel(
                    MetricGlossary.Find(key),
                    [.. Series.Select(s => CurveOf(s.Label, s.Runs, key, IsInterval))]
                )),
        ];
        FirstStep = Steps().DefaultIfEmpty(0).Min();
        LastStep = Steps().DefaultIfEmpty(0).Max();
        Window = view.Smoothing ?? (Series.Count == 1 ? Math.Max(1, (LastStep - FirstStep + 1) / 25) : 1);
    }

    public LearningCurves View { get; }

    /// <summary>The step that is looked at, marked in every panel; null for none.</summary>
    public int? Selected { get; init; }

    /// <summary>What was not as it should be, with its step; empty for several runs.</summary>
    public IReadOnlyList<(int Step, string Text)> Warnings =>
        field ??= View.Runs is [var run]
            ? [.. run.Steps.SelectMany(s => s.Warnings.Select(w => (s.Step, VisibleText.Of(w, 300))))]
            : [];

    /// <summary>Steps whose tokens can be opened, marked on the axis; empty where that is all of them.</summary>
    public IReadOnlyList<int> Kept { get; init; } = [];

    /// <summary>Size of each panel.</summary>
    public PlotFrame Frame { get; init; } = PlotFrame.Panel;

    public IReadOnlyList<(string Label, IReadOnlyList<TrainingRun> Runs)> Series { get; }

    /// <summary>The look of each line.</summary>
    public IReadOnlyList<int> Looks => field ??= Interactive.Looks.Of([.. Series.Select(s => s.Runs[0].Header.Algorithm)]);

    public IReadOnlyList<CurvePanel> Panels { get; }

    public int FirstStep { get; init; }

    public int LastStep { get; init; }

    /// <summary>Steps in the running mean; 1 for none.</summary>
    public int Window { get; }

    /// <summary>
    /// True when a band is the 95 % interval of the mean; false when it reaches from the lowest to the highest seed.
    /// </summary>
    public bool IsInterval { get; }

    public string Title => Series.Count == 1 ? Series[0].Label : $"{Series.Count} settings compared";

    public string Subtitle
    {
        get
        {
            var headers = View.Runs.Select(r => r.Header).ToArray();
            var seeds = View.Runs.Select(r => r.Header.Seed).Distinct().ToArray();
            var seed = seeds.Length == 1 ? $"seed {seeds[0]}" : $"{seeds.Length} seeds";
            string[] known =
            [
                One(headers.Select(h => h.Task), "task"),
                One(headers.Select(h => h.Model), "model"),
                headers.Any(h => h.HasSeed) ? seed : "unknown",
            ];
            // What a log does not tell is left out, not made up.
            return string.Join(
                ", ",
                known.Where(k => k != "unknown").Append(Numbers.Of(View.Runs.Max(r => r.Steps.Count), "step"))
            );

            static string One(IEnumerable<string> names, string noun) =>
                names.Distinct().ToArray() is { Length: > 1 and var count }
                    ? Numbers.Of(count, noun)
                    : VisibleText.Of(names.First());
        }
    }

    /// <summary>Why there is no picture; null when there is one.</summary>
    public string? Nothing =>
        View.Runs.Count == 0 ? "There are no runs to show."
        : View.Runs.All(r => r.Steps.Count == 0) ? "This run took no steps, so there are no curves."
        : Panels.Count == 0 ? "The steps of this run hold no metrics, so there are no curves."
        : null;

    /// <summary>Steps at which fresh responses were sampled; empty when every step samples its own.</summary>
    public int[] Rollouts
    {
        get
        {
            if (View.Runs.Count != 1)
                return [];
            var steps = View.Runs[0].Steps;
            return steps.All(s => s.FirstAfterRollout) ? [] : [.. steps.Where(s => s.FirstAfterRollout).Select(s => s.Step)];
        }
    }

    public IEnumerable<string> Notes()
    {
        if (Series.Any(s => s.Runs.Count > 1))
            yield return "Line: mean of the seeds. Band: "
                + (IsInterval ? "95 % interval of that mean (Student’s t)." : "from the lowest to the highest seed.");
        if (Window > 1)
            yield return $"Thin: every step. Bold: mean of the last {Window} steps.";
        if (Rollouts.Length > 0)
            yield return $"{Rollouts.Length} rollouts of fresh responses{(Rollouts.Length <= 50 ? ", marked on the step axis" : "")}.";
        foreach (var (label, runs) in Series)
            if (runs.Where(r => r is { Before: not null, After: not null }).ToArray() is { Length: > 0 } measured)
                yield return $"Held-out accuracy{(Series.Count > 1 ? " of " + label : "")}{(measured.Length > 1 ? $", mean of {measured.Length} seeds" : "")}: "
                    + $"{Accuracy(measured, r => r.Before!)} before, {Accuracy(measured, r => r.After!)} after, on {Numbers.Of(measured[0].After!.Prompts, "prompt")}.";
        foreach (var (step, text) in Warnings.Take(3))
            yield return $"⚠ Step {Numbers.Count(step)}: {text}";
        if (Warnings.Count > 3)
            yield return $"⚠ {Numbers.Of(Warnings.Count - 3, "more warning")}, each at its step.";
        foreach (var stopped in View.Runs.Where(r => r.Stopped is not null))
            yield return $"Stopped early: {VisibleText.Of(stopped.Stopped, 400)}";
        foreach (var panel in Panels.Where(p => p.Curves.All(c => c.FirstIndex < 0)))
            yield return $"No step measured {VisibleText.Of(panel.Metric.Label)}.";
        if (WidgetRuns.IsThinned(this))
            yield return $"More than {WidgetRuns.MostSteps} steps: neighbours share a point of a line, and their lowest and highest numbers stay.";
        if (WidgetRuns.LeftOut(this).ToArray() is { Length: > 0 } more)
            yield return $"Measured, too, and without room here: {string.Join(", ", more)}. A panel of it: with {{ Metrics = [\"{more[0]}\"] }}.";
    }

    /// <summary>What the view says.</summary>
    public IEnumerable<Block> Blocks() =>
        Nothing is { } sentence
            ? [new Notes(sentence)]
            :
            [
                new Heading(Title, Subtitle),
                .. Series.Count > 1 ? [Legend] : Array.Empty<Block>(),
                new Picture(html => new CurvePanels(this, html).Write()),
                new Notes(Notes()),
                new Fold("Numbers", Table),
            ];

    private Legend Legend =>
        new([.. Series.Select((s, i) => (Looks[i], s.Label, s.Runs.Count > 1 ? $"{s.Runs.Count} seeds" : null))]);

    /// <summary>Every curve in numbers; the text has a small drawing besides.</summary>
    public Grid Table
    {
        get
        {
            // The drawing takes what names and numbers leave of the line.
            var names =
                Panels.Select(p => Label(p.Metric).Length).DefaultIfEmpty(0).Max()
                + (Series.Count > 1 ? 1 + Series.Max(s => s.Label.Length) : 0);
            var drawing = Math.Clamp(TextPage.Columns - names - 60, 8, 24);
            return new Grid(
                "Every curve in numbers",
                [
                    new("metric") { Names = true },
                    new("") { InHtml = false },
                    new("first", IsNumber: true),
                    new("last", IsNumber: true),
                    new("lowest (step)", IsNumber: true),
                    new("highest (step)", IsNumber: true),
                ],
                [
                    .. Panels.SelectMany(p =>
                        p.Curves.Select(c => new Row(
                            new Cell(Label(p.Metric), Series.Count > 1 ? c.Label : null),
                            Sparkline.Of([.. c.Mean.Where(v => v != LinePlot.Unmeasured)], drawing),
                            c.At(c.FirstIndex),
                            c.At(c.LastIndex),
                            Where(c, c.LowestIndex),
                            Where(c, c.HighestIndex)
                        ))
                    ),
                ]
            );
        }
    }

    private static string Label(Metric metric) => metric.Unit.Length > 0 ? $"{metric.Label}, {metric.Unit}" : metric.Label;

    private static string Where(Curve curve, int index) =>
        index < 0 ? Numbers.Missing : $"{curve.At(index)} ({Numbers.Count(curve.Steps[index])})";

    private static string Accuracy(TrainingRun[] runs, Func<TrainingRun, HeldOutAccuracy> when) =>
        Numbers.Share(runs.Average(r => when(r).ExactProbability ?? when(r).SampledAccuracy));

    private IEnumerable<int> Steps() => View.Runs.SelectMany(r => r.Steps).Select(s => s.Step);

    private static (string, IReadOnlyList<TrainingRun>)[] Group(IReadOnlyList<TrainingRun> runs)
    {
        var groups = runs.GroupBy(r => (r.Header.Algorithm, r.Header.Task, r.Header.Model, Settings(r))).ToArray();
        return
        [
            .. groups.Select(g =>
            {
                var name = VisibleText.Of(g.Key.Algorithm, 60);
                // Two lines of one name would be a riddle; what they do not share tells them apart.
                var namesakes = groups.Select(o => o.First()).Where(o => o.Header.Algorithm == g.Key.Algorithm).ToArray();
                if (namesakes.Length > 1)
                    name += $" · {VisibleText.Of(Difference(g.First(), namesakes), 80)}";
                return (name, (IReadOnlyList<TrainingRun>)[.. g]);
            }),
        ];
    }

    private static string Settings(TrainingRun run) =>
        string.Join("; ", run.Header.Hyperparameters.Select(h => $"{h.Key} {Fields.Write(h.Value)}"));

    // Task and model first; settings only among those that share both.
    private static string Difference(TrainingRun run, IReadOnlyList<TrainingRun> namesakes)
    {
        var own = new List<string>();
        if (namesakes.Any(o => o.Header.Task != run.Header.Task))
            own.Add(run.Header.Task);
        if (namesakes.Any(o => o.Header.Task == run.Header.Task && o.Header.Model != run.Header.Model))
            own.Add(run.Header.Model);
        var others = namesakes.Where(o =>
            !ReferenceEquals(o, run) && o.Header.Task == run.Header.Task && o.Header.Model == run.Header.Model
        );
        own.AddRange(
            run.Header.Hyperparameters.Where(h =>
                    others.Any(o =>
                        !o.Header.Hyperparameters.TryGetValue(h.Key, out var v) || Fields.Write(v) != Fields.Write(h.Value)
                    )
                )
                .Select(h => $"{h.Key} {Fields.Write(h.Value)}")
        );
        return own.Count > 0 ? string.Join(", ", own) : $"{run.Header.Task}, {run.Header.Model}";
    }

    /// <summary>One metric of one line: the run's own numbers, or the mean of its seeds and their spread.</summary>
    internal static Curve CurveOf(string label, IReadOnlyList<TrainingRun> runs, string key, bool interval)
    {
        if (runs.Count == 1)
            return new Curve(label, [.. runs[0].Steps.Select(s => s.Step)], Measured(runs[0], key), null, null);
        var byStep = new SortedDictionary<int, List<double>>();
        foreach (var step in runs.SelectMany(r => r.Steps))
        {
            if (!byStep.TryGetValue(step.Step, out var values))
                byStep[step.Step] = values = [];
            if (step.Metrics.TryGetValue(key, out var value) && double.IsFinite(value))
                values.Add(value);
        }
        // A step that no seed measured is passed over; one whose numbers are none is a gap.
        var tried = runs.SelectMany(r => r.Steps).Where(s => s.Metrics.ContainsKey(key)).Select(s => s.Step).ToHashSet();
        double[] Of(Func<List<double>, double> f) =>
            [
                .. byStep.Select(v =>
                    v.Value.Count > 0 ? f(v.Value)
                    : tried.Contains(v.Key) ? double.NaN
                    : LinePlot.Unmeasured
                ),
            ];
        return interval
            ? new Curve(
                label,
                [.. byStep.Keys],
                Of(v => v.Average()),
                Of(v => v.Count < 2 ? v[0] : Estimate.Of(v).Low),
                Of(v => v.Count < 2 ? v[0] : Estimate.Of(v).High)
            )
            : new Curve(label, [.. byStep.Keys], Of(v => v.Average()), Of(v => v.Min()), Of(v => v.Max()));
    }

    /// <summary>A metric of every step of a run: NaN where it is not a number, another mark where nobody measured it.</summary>
    internal static double[] Measured(TrainingRun run, string key) =>
        [
            .. run.Steps.Select(s =>
                !s.Metrics.TryGetValue(key, out var value) ? LinePlot.Unmeasured
                : double.IsFinite(value) ? value
                : double.NaN
            ),
        ];
}
