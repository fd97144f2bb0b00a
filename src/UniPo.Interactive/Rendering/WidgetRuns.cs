using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>The numbers behind learning curves, for the script: every metric that some step measured, shown or not.</summary>
internal static class WidgetRuns
{
    /// <summary>
    /// Longest curve that is sent step by step; longer ones are sent as the mean, lowest and highest of neighbouring steps.
    /// </summary>
    public const int MostSteps = 2000;

    // Curves of several settings with bands: as many as an output has room for.
    private const int MostNumbers = 5400;

    /// <summary>The payload of learning curves.</summary>
    public static JsonObject Of(LearningCurvesContent content)
    {
        var metrics = Fitting(content, [.. Metrics(content)]);
        var payload = new JsonObject
        {
            ["metrics"] = new JsonArray([
                .. metrics.Select(m => new JsonObject
                {
                    ["key"] = m.Key,
                    ["label"] = VisibleText.Of(m.Label),
                    ["unit"] = VisibleText.Of(m.Unit),
                    ["meaning"] = VisibleText.Of(m.Meaning),
                }),
            ]),
            ["shown"] = new JsonArray([.. content.Panels.Select(p => (JsonNode)p.Metric.Key)]),
            ["window"] = content.Window,
            ["series"] = new JsonArray([.. content.Series.Select(s => Series(s.Label, s.Runs, metrics, content.IsInterval))]),
        };
        if (content.Rollouts.Length is > 0 and <= MostSteps)
            payload["rollouts"] = new JsonArray([.. content.Rollouts.Select(r => (JsonNode)r)]);
        return payload;
    }

    /// <summary>True where a script gets neighbouring steps together.</summary>
    public static bool IsThinned(LearningCurvesContent content) =>
        content.Series.Any(s => s.Runs.Max(r => r.Steps.Count) > MostSteps);

    // Those with a panel go with the view whatever they weigh; of the others the glossary's first.
    private static Metric[] Fitting(LearningCurvesContent content, Metric[] metrics)
    {
        var numbers = content.Series.Sum(s => Math.Min(s.Runs.Max(r => r.Steps.Count), MostSteps) * (s.Runs.Count > 1 ? 2 : 1));
        var room = content.Series.Count == 1 ? int.MaxValue : MostNumbers / Math.Max(numbers, 1);
        var shown = content.Panels.Select(p => p.Metric.Key).ToHashSet(StringComparer.Ordinal);
        var free = Math.Max(0, room - shown.Count);
        return [.. metrics.Where(m => shown.Contains(m.Key) || free-- > 0)];
    }

    /// <summary>Names of the metrics that were measured and have no room, in the order of the glossary.</summary>
    public static IEnumerable<string> LeftOut(LearningCurvesContent content)
    {
        Metric[] all = [.. Metrics(content)];
        return all.Except(Fitting(content, all)).Select(m => VisibleText.Of(m.Key, 60));
    }

    private static IEnumerable<Metric> Metrics(LearningCurvesContent content)
    {
        var measured = content
            .View.Runs.SelectMany(r => r.Steps)
            .SelectMany(s => s.Metrics.Keys)
            .Concat(content.Panels.Select(p => p.Metric.Key))
            .ToHashSet(StringComparer.Ordinal);
        return MetricGlossary
            .All.Where(m => measured.Remove(m.Key))
            .ToArray()
            .Concat(measured.Order(StringComparer.Ordinal).Select(MetricGlossary.Find));
    }

    private static JsonObject Series(string label, IReadOnlyList<TrainingRun> runs, IReadOnlyList<Metric> metrics, bool interval)
    {
        Curve[] curves = [.. metrics.Select(m => Thin(LearningCurvesContent.CurveOf(label, runs, m.Key, interval)))];
        var columns = new PackedColumns(curves[0].Steps.Length);
        // A band is three columns where a run is one, and nobody reads the fourth digit of an interval.
        var (mean, band) =
            runs.Count > 1
                ? (PackedColumns.FourDigits, PackedColumns.ThreeDigits)
                : (PackedColumns.FiveDigits, PackedColumns.FiveDigits);
        foreach (var (curve, metric) in curves.Zip(metrics))
        {
            if (curve.FirstIndex < 0)
                continue;
            columns.Add(metric.Key, curve.Mean, mean);
            if (curve is not { Low: { } low, High: { } high })
                continue;
            if (interval && runs.Count > 1 && curve.Steps.Length <= MostSteps)
            {
                columns.Add(metric.Key + ".half", high.Zip(curve.Mean, (h, m) => h - m), band); // an interval is as wide below as above
                continue;
            }
            columns.Add(metric.Key + ".low", low, band);
            columns.Add(metric.Key + ".high", high, band);
        }
        var series = new JsonObject
        {
            ["label"] = label,
            ["seeds"] = runs.Count,
            ["steps"] = Steps(curves[0].Steps),
        };
        columns.WriteTo(series);
        return series;
    }

    // Steps that follow one another need only their first and their number.
    private static JsonArray Steps(int[] steps) =>
        steps.Length > 2 && steps[^1] - steps[0] == steps.Length - 1
            ? [steps[0], JsonValue.Create("to"), steps[^1]]
            : new JsonArray([.. steps.Select(s => (JsonNode)s)]);

    private static Curve Thin(Curve curve)
    {
        if (curve.Steps.Length <= MostSteps)
            return curve;
        var buckets = Enumerable
            .Range(0, MostSteps / 10)
            .Select(b =>
                (
                    From: (int)((long)curve.Steps.Length * b / (MostSteps / 10)),
                    To: (int)((long)curve.Steps.Length * (b + 1) / (MostSteps / 10))
                )
            )
            .ToArray();
        double[] Of(double[] values, Func<IEnumerable<double>, double> f) =>
            [
                .. buckets
                    .Select(b => values[b.From..b.To])
                    .Select(v =>
                        f(
                            v.Where(double.IsFinite)
                                .DefaultIfEmpty(v.All(x => x == LinePlot.Unmeasured) ? LinePlot.Unmeasured : double.NaN)
                        )
                    ),
            ];
        return new Curve(
            curve.Label,
            [.. buckets.Select(b => curve.Steps[b.From])],
            Of(curve.Mean, v => v.Average()),
            Of(curve.Low ?? curve.Mean, v => v.Min()),
            Of(curve.High ?? curve.Mean, v => v.Max())
        );
    }
}
