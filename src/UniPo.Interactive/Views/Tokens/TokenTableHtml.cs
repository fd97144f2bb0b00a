namespace UniPo.Interactive;

/// <summary>Writes a token table as HTML: a real table, one body for each prompt, one row for each response.</summary>
internal sealed class TokenTableHtml(TokenTableContent content, HtmlWriter html)
{
    private const int BarWidth = 5,
        BarHeight = 15;

    private readonly TokenColouring _colour = content.Colouring;
    private readonly bool _advantage = content.Report?.Advantage is not null;

    public void Write()
    {
        if (content.Batch.Responses.Count == 0)
        {
            html.Element("p", "This batch holds no responses, so there are no tokens to show.", ("class", "note"));
            return;
        }
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", content.Title)).Line();
        html.Open("table");
        Caption();
        Head();
        foreach (var group in content.Groups)
            Group(group);
        html.Close().Close().Line();
        foreach (var note in content.Notes())
            html.Element("p", note, ("class", "note")).Line();
    }

    private void Caption()
    {
        html.Open("caption").Element("span", content.Title, ("class", "title")).Text(" ");
        html.Element("span", content.Size, ("class", "sub")).Line();
        if (_colour.IsMeasured)
            new TokenLegend(_colour, html).Write();
        html.Close().Line();
    }

    private void Head()
    {
        html.Open("thead").Open("tr");
        html.Term("th", "response", null, ("scope", "col"), ("class", "who"));
        html.Term("th", "reward", null, ("scope", "col"), ("class", "num"));
        if (_advantage)
            html.Term("th", "advantage", null, ("scope", "col"), ("class", "num"));
        html.Element("th", "length", ("scope", "col"), ("class", "num"));
        if (_colour.IsMeasured)
            html.Element("th", "shape", ("scope", "col"), ("class", "shape"));
        html.Term(
            "th",
            _colour.IsMeasured
                ? $"tokens, each with its {_colour.Name}{(_colour.Unit.Length > 0 ? " in " + _colour.Unit : "")}"
                : "tokens",
            _colour.IsMeasured ? _colour.Name : "token",
            ("scope", "col")
        );
        html.Close().Close().Line();
    }

    private void Group(TokenGroup group)
    {
        var columns = 4 + (_advantage ? 1 : 0) + (_colour.IsMeasured ? 1 : 0);
        var rewards = group.Group.Responses.Select(r => r.Reward).ToArray();
        html.Open("tbody").Open("tr", ("class", "group"));
        html.Open("th", ("colspan", Numbers.Count(columns)), ("scope", "rowgroup"));
        html.Element("span", VisibleText.Of(group.Group.Prompt.Text), ("class", "prompt")).Text(" ");
        html.Element("span", Summary(group, rewards), ("class", "sub"));
        if (group.IsSilent)
            html.Text(" ").Term("span", "∅ no signal", "silent group", ("class", "badge"));
        html.Close().Close().Line();
        foreach (var row in group.Rows)
            Row(row);
        html.Close().Line();
    }

    internal static string Summary(TokenGroup group, double[] rewards)
    {
        var answer = group.Group.Prompt.Answer is { } right ? $"answer {VisibleText.Of(right, 40)}, " : "";
        var shown = group.Rows.Count < rewards.Length ? $", {group.Rows.Count} of {rewards.Length} responses shown" : "";
        return $"{answer}mean reward {Numbers.Short(rewards.Average())}{shown}";
    }

    private void Row(TokenRow row)
    {
        OpenRow(html, row, null);
        html.Open("th", ("scope", "row"), ("class", "who"));
        Number(html, row);
        html.Close();
        html.Element(
            "td",
            Numbers.Short(row.Response.Reward),
            ("class", row.IsBest ? "num win" : "num"),
            ("data-name", "reward")
        );
        if (_advantage)
            Advantage(row);
        html.Element("td", Numbers.Count(row.Response.Length), ("class", "num"), ("data-name", "length"));
        if (_colour.IsMeasured)
            Shape(row);
        Tokens(row);
        html.Close().Line();
    }

    /// <summary>Opens the row of a response; one that repeats another is folded away, and its script unfolds it.</summary>
    public static void OpenRow(HtmlWriter html, TokenRow row, string? kind) =>
        html.Open(
            "tr",
            ("class", row.Repeats > 0 ? $"twin {kind}".TrimEnd() : kind),
            ("data-twins", row.Times > 1 ? Numbers.Count(row.Number) : null),
            ("data-of", row.Repeats > 0 ? Numbers.Count(row.Repeats) : null),
            ("hidden", row.Repeats > 0 ? "" : null)
        );

    /// <summary>Number of a response, and how often it was given.</summary>
    public static void Number(HtmlWriter html, TokenRow row)
    {
        html.Text(Numbers.Count(row.Number));
        if (row.Times > 1)
            html.Text(" ").Element("span", $"× {Numbers.Count(row.Times)}", ("class", "times"));
    }

    /// <summary>The cell with a response's tokens.</summary>
    public void Tokens(TokenRow row)
    {
        html.Open("td", ("class", "toks"));
        for (var t = 0; t < row.Shown; t++)
            Token(row, t);
        if (row.Response.Length == 0)
            html.Element("span", "no tokens", ("class", "more"));
        if (row.Shown < row.Response.Length)
            html.Element("span", $"{row.Shown} of {row.Response.Length} tokens", ("class", "more"));
        if (row.Response.Truncated)
            html.Text(" ").Term("i", "✂ cut off", "truncated response", ("class", "badge"));
        html.Close();
    }

    private void Advantage(TokenRow row)
    {
        html.Open("td", ("class", "num"), ("data-name", "advantage"));
        if (row.Advantage is { } advantage)
            html.Text(row.AdvantageVaries ? "mean " : "").Text(Numbers.Signed(advantage));
        else
            html.Text(Numbers.Missing);
        html.Close();
    }

    private void Token(TokenRow row, int position)
    {
        var token = row.Start + position;
        var kind = !content.IsActive(token) ? "off" : _colour.Class(_colour.Value(token));
        if (content.Report?.Clipped?[token] is ClipSide.High)
            kind += " lid";
        if (content.Report?.Clipped?[token] is ClipSide.Low)
            kind += " floor";
        if (TokenTableContent.IsEnd(row, position))
            kind = kind is null ? "end" : kind + " end";
        html.Open("span", ("class", kind)).Text(VisibleText.OfToken(row.Response.Symbols[position]));
        if (_colour.IsMeasured)
            html.Text(" ").Element("small", content.Label(token));
        html.Close();
        if (position + 1 < row.Shown)
            html.Text(" ");
    }

    // The response's numbers as bars: the area is its share in the step. Marks are drawn with attributes, so that a page that
    // strips style sheets still shows them; the numbers stand beside them in text, so the drawing itself is hidden from screen
    // readers.
    public void Shape(TokenRow row)
    {
        var (up, down) = (new System.Text.StringBuilder(), new System.Text.StringBuilder());
        for (var t = 0; t < row.Shown; t++)
        {
            var height = _colour.Position(_colour.Value(row.Start + t)) * BarHeight;
            if (height == 0)
                continue;
            height = Math.CopySign(Math.Max(Math.Abs(height), 0.5), height); // a tiny number is still a mark
            var (x, top) = (t * BarWidth, _colour.IsSigned ? BarHeight : 2 * BarHeight);
            (_colour.IsSigned && height < 0 ? down : up).Append(
                $"M{x} {top}h{BarWidth - 1}v{Numbers.At(_colour.IsSigned ? -height : -2 * Math.Abs(height))}h-{BarWidth - 1}z"
            );
        }
        var width = Numbers.Count(Math.Max(row.Shown, 1) * BarWidth);
        var line = Numbers.Count(_colour.IsSigned ? BarHeight : 2 * BarHeight);
        html.Open("td", ("class", "shape"));
        html.Open("svg", ("width", width), ("height", Numbers.Count(2 * BarHeight)), ("aria-hidden", "true"));
        if (up.Length > 0)
            html.Shape(
                "path",
                ("class", _colour.IsSigned ? "up" : "size"),
                ("fill", _colour.IsSigned ? "#5c3a94" : "#1b7a86"),
                ("d", up.ToString())
            );
        if (down.Length > 0)
            html.Shape("path", ("class", "down"), ("fill", "#b55a07"), ("d", down.ToString()));
        html.Shape("path", ("class", "axis"), ("stroke", "#888888"), ("d", $"M0 {line}h{width}"));
        html.Close().Close();
    }
}
