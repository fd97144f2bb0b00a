namespace UniPo.Interactive;

/// <summary>Writes a comparison on the same rollouts.</summary>
internal sealed class ComparedTokensHtml(ComparedTokensContent content, HtmlWriter html)
{
    private readonly TokenTableHtml[] _cells = [.. content.Sides.Select(s => new TokenTableHtml(s, html))];

    public void Write()
    {
        html.Heading(content.Title, content.Size);
        if (content.Batch.Responses.Count == 0)
        {
            html.Element("p", "This batch holds no responses, so there are no tokens to show.", ("class", "note"));
            return;
        }
        Summary();
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
        foreach (var note in content.Notes())
            html.Element("p", note, ("class", "note")).Line();
    }

    private void Summary()
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", "Objectives in numbers"))
            .Open("table");
        html.Element("caption", "Objectives in numbers", ("class", "gone")).Open("thead").Open("tr");
        foreach (var heading in ComparedTokensContent.Headings)
            html.Term(
                "th",
                heading,
                heading == "stopped" ? "trust region" : heading,
                ("scope", "col"),
                ("class", heading == "objective" ? null : "num")
            );
        html.Close().Close().Open("tbody", ("class", "rows")).Line();
        for (var s = 0; s < content.Sides.Count; s++)
        {
            var cells = content.Summary(s);
            html.Open("tr").Element("th", cells[0], ("scope", "row"));
            foreach (var cell in cells.Skip(1))
                html.Element("td", cell, ("class", "num"));
            html.Close().Line();
        }
        html.Close().Close().Close().Line();
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
            Row(content.Sides[s].Groups[group].Rows[r], s);
        html.Close().Line();
    }

    private void Row(TokenRow row, int side)
    {
        html.Open("tr", ("class", side == 0 ? "first" : null));
        if (side == 0)
        {
            var span = Numbers.Count(content.Sides.Count);
            html.Element("th", Numbers.Count(row.Number), ("scope", "rowgroup"), ("rowspan", span), ("class", "who"));
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
