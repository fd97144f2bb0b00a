namespace UniPo.Interactive;

/// <summary>Writes learning curves as HTML: one small chart for each metric, and all its numbers in a table.</summary>
internal sealed class LearningCurvesHtml(LearningCurvesContent content, HtmlWriter html)
{
    public void Write()
    {
        if (content.Nothing is { } sentence)
        {
            html.Element("p", sentence, ("class", "note"));
            return;
        }
        html.Heading(content.Title, content.Subtitle);
        if (content.Series.Count > 1)
            Legend();
        Panels();
        foreach (var note in content.Notes())
            html.Element("p", note, ("class", "note")).Line();
        NumbersTable();
    }

    private void Legend()
    {
        html.Open("ul", ("class", "runs"));
        for (var s = 0; s < content.Series.Count; s++)
        {
            html.Open("li");
            html.Open(
                "svg",
                ("width", "34"),
                ("height", "10"),
                ("aria-hidden", "true"),
                ("class", "l" + Numbers.Count(s % Palette.Series))
            );
            html.Shape(
                "path",
                ("class", "c"),
                ("d", "M1 5h32"),
                ("fill", "none"),
                ("stroke", PlotArea.Stroke(s)),
                ("stroke-width", "2"),
                ("stroke-dasharray", LinePlot.Dash(s))
            );
            html.Shape("path", ("class", "d"), ("d", LinePlot.Marker(s, 17, 5)), ("fill", PlotArea.Stroke(s)));
            html.Close().Text(content.Series[s].Label);
            if (content.Series[s].Runs.Count > 1)
                html.Text(" ").Element("span", $"{content.Series[s].Runs.Count} seeds", ("class", "sub"));
            html.Close();
        }
        html.Close().Line();
    }

    /// <summary>The charts alone.</summary>
    public void Panels()
    {
        html.Open("div", ("class", "panels")).Line();
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

    /// <summary>Every curve in numbers, folded.</summary>
    public void NumbersTable()
    {
        html.Open("details").Element("summary", "Numbers").Line();
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", "Numbers of the curves"));
        html.Open("table").Element("caption", "Every curve in numbers", ("class", "gone")).Open("thead").Open("tr");
        foreach (var heading in (ReadOnlySpan<string>)["metric", "first", "last", "lowest", "highest"])
            html.Element("th", heading, ("scope", "col"), ("class", heading == "metric" ? null : "num"));
        html.Close().Close().Open("tbody", ("class", "rows")).Line();
        foreach (var panel in content.Panels)
        foreach (var curve in panel.Curves)
        {
            html.Open("tr").Open("th", ("scope", "row")).Text(panel.Metric.Label);
            if (content.Series.Count > 1)
                html.Text(" ").Element("span", curve.Label, ("class", "sub"));
            html.Close();
            html.Element("td", curve.At(curve.FirstIndex), ("class", "num"))
                .Element("td", curve.At(curve.LastIndex), ("class", "num"));
            html.Element("td", curve.AtStep(curve.LowestIndex), ("class", "num"))
                .Element("td", curve.AtStep(curve.HighestIndex), ("class", "num"));
            html.Close().Line();
        }
        html.Close().Close().Close().Close().Line();
    }
}
