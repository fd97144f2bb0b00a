namespace UniPo.Interactive;

/// <summary>Writes a comparison on the same rollouts.</summary>
internal sealed class ComparedTokensHtml(ComparedTokensContent content, HtmlWriter html)
{
    private readonly TokenTableHtml[] _cells = [.. content.Sides.Select(s => new TokenTableHtml(s, html))];

    public void Write()
    {
        html.Open("div", ("class", "below scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", content.Title))
            .Open("table")
            .Open("caption");
        html.Element("span", $"{content.Sides[0].Colouring.Name} of every token, objective by objective", ("class", "sub"));
        if (content.Sides[0].Colouring.IsMeasured)
            new TokenLegend(content.Sides[0].Colouring, html) { WithoutNumbers = true }.Write();
        html.Close().Line();
        Head();
        for (var g = 0; g < content.Sides[0].Groups.Count; g++)
            Group(g);
        html.Close().Close().Line();
    }

    private void Head()
    {
        html.Open("thead").Open("tr");
        foreach (
            var (heading, kind) in new (string, string?)[]
            {
                ("response", "who"),
                ("reward", "num"),
                ("objective", null),
                ("advantage", "num"),
                ("shape", "shape"),
                ("tokens", null),
            }
        )
            html.Term("th", heading, null, ("scope", "col"), ("class", kind));
        html.Close().Close().Line();
    }

    private void Group(int group)
    {
        var first = content.Sides[0].Groups[group];
        html.Open("tbody").Open("tr", ("class", "group")).Open("th", ("colspan", "6"), ("scope", "rowgroup"));
        html.Element("span", VisibleText.Of(first.Group.Prompt.Text), ("class", "prompt")).Text(" ");
        html.Element("span", TokenTableHtml.Summary(first, [.. first.Group.Responses.Select(r => r.Reward)]), ("class", "sub"))
            .Close()
            .Close()
            .Line();
        for (var r = 0; r < first.Rows.Count; r++)
        for (var s = 0; s < content.Sides.Count; s++)
            Row(content.Sides[s].Groups[group].Rows[r] with { Times = first.Rows[r].Times, Repeats = first.Rows[r].Repeats }, s);
        html.Close().Line();
    }

    private void Row(TokenRow row, int side)
    {
        TokenTableHtml.OpenRow(html, row, side == 0 ? "first" : null);
        if (side == 0)
        {
            var span = Numbers.Count(content.Sides.Count);
            html.Open("th", ("scope", "rowgroup"), ("rowspan", span), ("class", "who"));
            TokenTableHtml.Number(html, row);
            html.Close();
            html.Element(
                "td",
                Numbers.Short(row.Response.Reward),
                ("rowspan", span),
                ("class", row.IsBest ? "num win" : "num"),
                ("data-name", "reward")
            );
        }
        html.Element("th", content.Name(side), ("scope", "row"), ("class", "side"));
        html.Element(
            "td",
            row.Advantage is { } a ? Numbers.Signed(a) : Numbers.Missing,
            ("class", "num"),
            ("data-name", "advantage")
        );
        _cells[side].Shape(row);
        _cells[side].Tokens(row);
        html.Close().Line();
    }
}
