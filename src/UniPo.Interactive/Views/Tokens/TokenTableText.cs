namespace UniPo.Interactive;

/// <summary>Writes a token table as text.</summary>
internal sealed class TokenTableText(TokenTableContent content, TextPage page)
{
    private readonly TokenColouring _colour = content.Colouring;

    public void Write()
    {
        if (content.Batch.Responses.Count == 0)
        {
            page.Line("This batch holds no responses, so there are no tokens to show.");
            return;
        }
        page.Line($"{content.Title} ({content.Size})");
        if (_colour.IsMeasured)
            Legend();
        foreach (var group in content.Groups)
            Group(group);
        var notes = content.Notes().ToArray();
        if (notes.Length > 0)
            page.Line();
        foreach (var note in notes)
            page.Line(note);
    }

    private void Legend()
    {
        var (low, high) = _colour.Words;
        var unit = _colour.Unit.Length > 0 ? ", in units of " + _colour.Unit : "";
        page.Line($"{low} — {high}: {string.Join(" … ", _colour.Ends)} ({_colour.Meaning}{unit}; range: {_colour.Range.Name})");
    }

    private void Group(TokenGroup group)
    {
        var rewards = group.Group.Responses.Select(r => r.Reward).ToArray();
        page.Line()
            .Line(
                $"{VisibleText.Of(group.Group.Prompt.Text)}   {TokenTableHtml.Summary(group, rewards)}{(group.IsSilent ? "   ∅ no signal" : "")}"
            );
        foreach (var row in group.Rows.Where(r => r.Repeats == 0))
            Row(row);
    }

    private void Row(TokenRow row)
    {
        var head = $"  {row.Number, 2}{(row.Times > 1 ? $"  × {row.Times}" : "")}  reward {Numbers.Short(row.Response.Reward)}";
        if (row.Advantage is { } advantage)
            head += $"  advantage {(row.AdvantageVaries ? "mean " : "")}{Numbers.Signed(advantage)}";
        head += $"  {Numbers.Of(row.Response.Length, "token")}{(row.Response.Truncated ? " ✂ cut off" : "")}";
        page.Line(head);
        var tokens = Enumerable
            .Range(0, row.Shown)
            .Select(t =>
                VisibleText.OfToken(row.Response.Symbols[t]) + (_colour.IsMeasured ? $"[{content.Label(row.Start + t)}]" : "")
            )
            .ToList();
        if (row.Shown < row.Response.Length)
            tokens.Add($"({row.Shown} of {row.Response.Length} tokens)");
        if (tokens.Count > 0)
            page.Flow(tokens, indent: 6);
    }
}
