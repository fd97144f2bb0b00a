namespace UniPo.Interactive;

/// <summary>Draws learning curves: one small chart for each metric.</summary>
internal sealed class CurvePanels(LearningCurvesContent content, HtmlWriter html)
{
    public void Write()
    {
        // The script draws the same lines with the same looks.
        html.Open(
                "div",
                ("class", "panels"),
                ("data-looks", string.Join(' ', content.Looks.Select(l => Numbers.Count(l)))),
                (
                    "data-warnings",
                    content.Warnings.Count == 0 ? null : string.Join(' ', content.Warnings.Select(w => Numbers.Count(w.Step)))
                )
            )
            .Line();
        foreach (var panel in content.Panels)
            Panel(panel);
        html.Close().Line();
    }

    private void Panel(CurvePanel panel)
    {
        var metric = panel.Metric;
        html.Open("figure", ("class", "panel"), ("data-metric", metric.Key));
        html.Open("figcaption").Term("b", metric).Text(" ").Element("span", metric.Unit, ("class", "sub"));
        if (panel.Curves is [var only])
            html.Text(" ").Element("span", $"{only.At(only.FirstIndex)} → {only.At(only.LastIndex)}", ("class", "now"));
        html.Close().Line();
        new CurvePlot(content, panel, html).Write();
        html.Close().Line();
    }
}
