namespace UniPo.Interactive;

/// <summary>The colour scale of a token table, with numbers at its ends.</summary>
internal sealed class TokenLegend(TokenColouring colour, HtmlWriter html)
{
    private const int Step = 12,
        Height = 10;

    /// <summary>True to leave the numbers away, where several tables of different range share the legend.</summary>
    public bool WithoutNumbers { get; init; }

    public void Write()
    {
        var (low, high) = colour.Words;
        html.Open("div", ("class", "legend"));
        html.Open("span").Text($"{low} — {high}").Close();
        Bar();
        if (!WithoutNumbers)
            html.Element(
                "span",
                $"{colour.Meaning}{(colour.Unit.Length > 0 ? ", in units of " + colour.Unit : "")}; range: {colour.Range.Name}"
            );
        html.Close();
    }

    private void Bar()
    {
        var levels = colour.IsSigned
            ? Enumerable.Range(-Palette.Levels, 2 * Palette.Levels + 1)
            : Enumerable.Range(0, Palette.Levels + 1);
        var classes = levels
            .Select(l =>
                (
                    Name: colour.IsSigned ? Theme.SignedClass(l) : Theme.SizeClass(l),
                    Fill: colour.IsSigned ? Palette.Signed(l, dark: false) : Palette.Size(l, dark: false)
                )
            )
            .ToArray();
        var width = classes.Length * Step;
        var ends = WithoutNumbers
            ? colour.IsSigned
                ? ["−", "0", "+"]
                : ["0", "+"]
            : colour.Ends;
        html.Open(
            "svg",
            ("width", Numbers.Count(width)),
            ("height", "26"),
            ("role", "img"),
            ("aria-label", $"Colour scale from {string.Join(" over ", ends)} {(WithoutNumbers ? "" : colour.Unit)}".TrimEnd())
        );
        for (var i = 0; i < classes.Length; i++)
            html.Shape(
                "rect",
                ("class", classes[i].Name),
                ("fill", classes[i].Fill.ToString()),
                ("x", Numbers.Count(i * Step)),
                ("y", "16"),
                ("width", Numbers.Count(Step)),
                ("height", Numbers.Count(Height))
            );
        for (var e = 0; e < ends.Length; e++)
            html.Element(
                "text",
                ends[e],
                ("x", Numbers.At(width * e / (ends.Length - 1.0))),
                ("y", "11"),
                ("fill", "#666666"),
                ("font-size", "11"),
                (
                    "text-anchor",
                    e == 0 ? "start"
                    : e == ends.Length - 1 ? "end"
                    : "middle"
                )
            );
        html.Close();
    }
}
