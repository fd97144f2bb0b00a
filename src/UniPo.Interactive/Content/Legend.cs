namespace UniPo.Interactive;

/// <summary>Which line is which: a piece of each with its dashes and marker. In text the lines stand under their names.</summary>
/// <param name="Lines">Look and name of each line, and what else is to be said of it.</param>
internal sealed record Legend(IReadOnlyList<(int Look, string Name, string? Sub)> Lines) : Block
{
    /// <inheritdoc/>
    public override void Write(HtmlWriter html)
    {
        html.Open("ul", ("class", "runs"));
        foreach (var (look, name, sub) in Lines)
        {
            html.Open("li")
                .Open("svg", ("width", "34"), ("height", "10"), ("aria-hidden", "true"), ("class", "l" + Numbers.Count(look)));
            html.Shape(
                "path",
                ("class", "c"),
                ("d", "M1 5h32"),
                ("fill", "none"),
                ("stroke", PlotArea.Stroke(look)),
                ("stroke-width", "2"),
                ("stroke-dasharray", LinePlot.Dash(look))
            );
            html.Shape("path", ("class", "d"), ("d", LinePlot.Marker(look, 17, 5)), ("fill", PlotArea.Stroke(look)));
            html.Close().Text(name);
            if (sub is not null)
                html.Text(" ").Element("span", sub, ("class", "sub"));
            html.Close();
        }
        html.Close().Line();
    }

    /// <inheritdoc/>
    public override void Write(TextPage page) { }
}
