namespace UniPo.Interactive;

/// <summary>Writes learning curves as text: a small drawing and the numbers of every curve.</summary>
internal sealed class LearningCurvesText(LearningCurvesContent content, TextPage page)
{
    private const int MostColumns = 24;

    private int _drawing;

    public void Write()
    {
        if (content.Nothing is { } sentence)
        {
            page.Line(sentence);
            return;
        }
        page.Line($"{content.Title} ({content.Subtitle})");
        var several = content.Series.Count > 1;
        // The drawing takes what the names and numbers leave of the line.
        var names = content.Panels.Max(p => Label(p.Metric).Length) + (several ? 2 + content.Series.Max(s => s.Label.Length) : 0);
        _drawing = Math.Clamp(TextPage.Columns - names - 60, 8, MostColumns);
        var rows = new List<string[]> { (string[])["metric", "", "first", "last", "lowest (step)", "highest (step)"] };
        foreach (var panel in content.Panels)
            for (var s = 0; s < panel.Curves.Count; s++)
                rows.Add(Row(panel, panel.Curves[s], several && s > 0 ? "" : Label(panel.Metric)));
        if (several)
            rows = [.. rows.Select((r, i) => (string[])[r[0], i == 0 ? "setting" : panelLabel(i), .. r[1..]])];
        page.Line().Table(rows, several ? [0, 1, 2] : [0, 1]);
        var notes = content.Notes().Where(n => !n.StartsWith("Thin", StringComparison.Ordinal)).ToArray();
        if (notes.Length > 0)
            page.Line();
        foreach (var note in notes)
            page.Line(note);

        string panelLabel(int row) => content.Series[(row - 1) % content.Series.Count].Label;
    }

    private static string Label(Metric metric) => metric.Unit.Length > 0 ? $"{metric.Label}, {metric.Unit}" : metric.Label;

    private string[] Row(CurvePanel panel, Curve curve, string label) =>
        [
            label,
            Sparkline.Of([.. curve.Mean.Where(v => v != LinePlot.Unmeasured)], _drawing),
            curve.At(curve.FirstIndex),
            curve.At(curve.LastIndex),
            Where(curve, curve.LowestIndex),
            Where(curve, curve.HighestIndex),
        ];

    private static string Where(Curve curve, int index) =>
        index < 0 ? Numbers.Missing : $"{curve.At(index)} ({Numbers.Count(curve.Steps[index])})";
}
