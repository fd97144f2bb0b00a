namespace UniPo.Interactive;

/// <summary>Writes a tour as a list of six pictures.</summary>
internal sealed class GuidedTourHtml(GuidedTourContent content, HtmlWriter html)
{
    private const int MostPrompts = 6,
        BarWidth = 90;

    public void Write()
    {
        html.Heading(content.Title);
        html.Open("ol", ("class", "beats")).Line();
        foreach (var beat in GuidedTourContent.Beats)
        {
            html.Open("li", ("data-beat", GuidedTourContent.Name(beat)))
                .Open("p")
                .Term("b", GuidedTourContent.Name(beat), null, ("class", "name"))
                .Text(" ")
                .Element("span", content.Says(beat), ("class", "sub"))
                .Close()
                .Line();
            Picture(beat);
            html.Close().Line();
        }
        html.Close().Line();
    }

    private void Picture(Beat beat)
    {
        switch (beat)
        {
            case Beat.Prompts:
                Prompts();
                break;
            case Beat.Update:
                Update();
                break;
            default:
                Responses(beat);
                break;
        }
    }

    private void Prompts()
    {
        var groups = content.Report.Batch.Groups;
        html.Open("ul", ("class", "letters"));
        foreach (var group in groups.Take(MostPrompts))
            html.Element(
                "li",
                VisibleText.Of(group.Prompt.Text, 60),
                ("class", ReferenceEquals(group, content.Followed) ? "mono win" : "mono")
            );
        if (groups.Count > MostPrompts)
            html.Element("li", $"and {Numbers.Count(groups.Count - MostPrompts)} more", ("class", "sub"));
        html.Close().Line();
    }

    private void Responses(Beat beat)
    {
        html.Open(
                "div",
                ("class", "scroll"),
                ("tabindex", "0"),
                ("role", "group"),
                ("aria-label", $"Beat {GuidedTourContent.Name(beat)}")
            )
            .Open("table");
        html.Element("caption", GuidedTourContent.Name(beat), ("class", "gone")).Open("tbody").Line();
        foreach (var row in content.Rows)
        {
            html.Open("tr").Element("th", Numbers.Count(row.Number), ("scope", "row"), ("class", "who"));
            if (beat is Beat.Rewards)
                Bar(
                    "reward",
                    row.Response.Reward,
                    content.Followed.Responses.Max(r => Math.Abs(r.Reward)),
                    Numbers.Short(row.Response.Reward)
                );
            if (beat is Beat.Advantages)
                Bar(
                    "advantage",
                    row.Advantage ?? double.NaN,
                    content.Rows.Max(r => Math.Abs(r.Advantage ?? 0)),
                    row.Advantage is { } a ? Numbers.Signed(a) : Numbers.Missing
                );
            Tokens(row, weighted: beat == Beat.Weights);
            html.Close().Line();
        }
        html.Close().Close().Close().Line();
    }

    private void Bar(string name, double value, double largest, string text)
    {
        var share = double.IsFinite(value) && largest > 0 ? value / largest : 0;
        html.Element("td", text, ("class", "num"), ("data-name", name));
        html.Open("td", ("class", "gauge"))
            .Open("svg", ("width", Numbers.Count(BarWidth)), ("height", "14"), ("aria-hidden", "true"));
        var zero = name == "reward" ? 0 : BarWidth / 2;
        var length = share * (BarWidth - zero);
        html.Shape(
            "path",
            ("class", share < 0 ? "down" : "up"),
            ("fill", share < 0 ? "#b55a07" : "#5c3a94"),
            ("d", $"M{zero} 2h{Numbers.At(length)}v10h{Numbers.At(-length)}z")
        );
        html.Shape("path", ("class", "axis"), ("stroke", "#888888"), ("d", $"M{zero} 0v14"));
        html.Close().Close();
    }

    private void Tokens(TokenRow row, bool weighted)
    {
        html.Open("td", ("class", "toks"));
        for (var t = 0; t < row.Shown; t++)
        {
            var token = row.Start + t;
            var kind =
                weighted && content.Tokens.IsActive(token)
                    ? content.Tokens.Colouring.Class(content.Tokens.Colouring.Value(token))
                    : null;
            html.Open("span", ("class", kind)).Text(VisibleText.OfToken(row.Response.Symbols[t]));
            if (weighted)
                html.Text(" ").Element("small", content.Tokens.Label(token));
            html.Close().Text(" ");
        }
        if (row.Shown < row.Response.Length)
            html.Element("span", $"{row.Shown} of {row.Response.Length} tokens", ("class", "more"));
        html.Close();
    }

    private void Update()
    {
        html.Open("div", ("class", "scroll"))
            .Open("table")
            .Element("caption", "update", ("class", "gone"))
            .Open("tbody", ("class", "rows"));
        foreach (var (name, value) in content.Update())
            html.Open("tr").Element("th", name, ("scope", "row")).Element("td", value, ("class", "num")).Close().Line();
        html.Close().Close().Close().Line();
    }
}
