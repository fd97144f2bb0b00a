using System.Globalization;
using System.Text.Json.Nodes;
using UniPo.Interactive;

namespace UniPo.Plotly;

/// <summary>The charts of UniPo as plotly figures.</summary>
internal static class Figures
{
    private const int CurvePoints = 241;

    /// <summary>Lines over numbers computed in a cell.</summary>
    public static JsonObject Of(LineChart chart)
    {
        var figure = new Figure(chart.Title, panels: 1, columns: 1);
        figure.Panel(0, chart.X, chart.Lines.Count == 1 ? chart.Lines[0].Name : "");
        for (var line = 0; line < chart.Lines.Count; line++)
            figure.Line(0, line, chart.Lines[line].Name, chart.Xs, chart.Lines[line].Values);
        return figure.ToJson();
    }

    /// <summary>A token's term against its ratio, for good and for bad tokens, with the tokens of a batch.</summary>
    /// <exception cref="ArgumentException">The objective has no trust region.</exception>
    public static JsonObject Of(ClipPlot plot)
    {
        if (plot.Region is not { } region)
            throw new ArgumentException(
                $"{plot.Report!.Objective.Name} is not put together from a ratio and a trust region, so there is no clip plot."
            );
        var tokens = Tokens(plot).ToArray();
        var highest = Math.Min(tokens.Select(t => t.Ratio).Append(1.6).Max(), 3);
        var figure = new Figure($"Trust region: {region.InWords}", panels: 2, columns: 2);
        for (var panel = 0; panel < 2; panel++)
        {
            var sign = panel == 0 ? 1 : -1;
            figure.Panel(panel, "ratio r", $"term per |A|, A {(sign > 0 ? ">" : "<")} 0");
            var ratios = Enumerable.Range(0, CurvePoints).Select(i => highest * i / (CurvePoints - 1)).ToArray();
            figure.Line(
                panel,
                panel,
                $"A {(sign > 0 ? ">" : "<")} 0",
                ratios,
                ratios.Select(r => region.At(r, sign).Value),
                markers: false
            );
            if (region is Clip clip)
            {
                figure.Bound(panel, 1 - clip.Low);
                figure.Bound(panel, 1 + clip.High);
            }
            foreach (var stopped in new[] { false, true })
            {
                (double X, double Y)[] points =
                [
                    .. tokens
                        .Where(t => Math.Sign(t.Advantage) == sign && region.At(t.Ratio, t.Advantage).Slope == 0 == stopped)
                        .Select(t => (t.Ratio, region.At(t.Ratio, sign).Value)),
                ];
                if (points.Length > 0)
                    figure.Marks(
                        panel,
                        panel,
                        stopped ? "without gradient" : "with gradient",
                        points,
                        stopped ? "circle-open" : "circle"
                    );
            }
        }
        return figure.ToJson();
    }

    /// <summary>Histograms of ratio, advantage, KL and length.</summary>
    public static JsonObject Of(Distributions view)
    {
        var report = view.Report;
        var columns = new (string Name, TokenColumn? Column)[]
        {
            ("ratio", report.Ratio),
            ("advantage", report.Advantage),
            ("KL, nats", report.Kl),
        }
            .Where(c => c.Column is not null)
            .Select(c => (c.Name, Values: Active(report, c.Column!)))
            .Where(c => c.Values.Length > 0)
            .Append(("response length, tokens", [.. report.Batch.Responses.Select(r => (double)r.Length)]))
            .ToArray();
        var figure = new Figure($"Distributions of {report.Objective.Name}", columns.Length, Math.Min(2, columns.Length));
        for (var panel = 0; panel < columns.Length; panel++)
        {
            figure.Panel(panel, columns[panel].Name, panel < columns.Length - 1 ? "tokens" : "responses");
            figure.Histogram(panel, panel, columns[panel].Name, columns[panel].Values, view.Bars);
            if (columns[panel].Name == "ratio" && (report.Objective as PolicyObjective)?.Clip is Clip clip)
            {
                figure.Bound(panel, 1 - clip.Low);
                figure.Bound(panel, 1 + clip.High);
            }
        }
        return figure.ToJson();
    }

    /// <summary>What each algorithm of a comparison reached, with its 95 % interval.</summary>
    public static JsonObject Of(Comparison comparison)
    {
        var figure = new Figure(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Held-out accuracy on {comparison.Task} after {comparison.Steps} steps: mean and 95 % interval over the seeds"
            ),
            panels: 1,
            columns: 1
        );
        figure.Panel(0, "held-out accuracy", "");
        figure.Whiskers(
            0,
            "held-out accuracy",
            [
                .. comparison
                    .Summaries.OrderBy(s => s.After.Estimate.Mean) // plotly begins at the bottom
                    .Select(s => (Name: s.Algorithm, Reached: s.After.Estimate))
                    // The interval of a single seed has no ends.
                    .Select(s =>
                        s.Reached.Count > 1
                            ? (s.Name, s.Reached.Mean, s.Reached.Low, s.Reached.High)
                            : (s.Name, s.Reached.Mean, s.Reached.Mean, s.Reached.Mean)
                    ),
            ]
        );
        return figure.ToJson();
    }

    private static IEnumerable<(double Ratio, double Advantage)> Tokens(ClipPlot plot)
    {
        if (plot.Report is not { Ratio: { } ratios, Advantage: { } advantages } report)
            yield break;
        for (var t = 0; t < report.Batch.Layout.Tokens; t++)
            if (report.Batch.Layout.IsActive(t) && advantages.Values[t] != 0)
                yield return (ratios.Values[t], advantages.Values[t]);
    }

    private static double[] Active(TokenReport report, TokenColumn column)
    {
        var values = column.Values.ToArray();
        return
        [
            .. Enumerable
                .Range(0, values.Length)
                .Where(t => report.Batch.Layout.IsActive(t) && double.IsFinite(values[t]))
                .Select(t => values[t]),
        ];
    }
}
