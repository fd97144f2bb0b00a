namespace UniPo.Interactive;

/// <summary>Writes a comparison on the same rollouts as text.</summary>
internal sealed class ComparedTokensText(ComparedTokensContent content, TextPage page)
{
    public void Write()
    {
        page.Line($"{content.Title} ({content.Size})");
        if (content.Batch.Responses.Count == 0)
        {
            page.Line("This batch holds no responses, so there are no tokens to show.");
            return;
        }
        page.Line()
            .Table(
                [
                    [.. ComparedTokensContent.Headings],
                    .. Enumerable.Range(0, content.Sides.Count).Select(content.Summary),
                ],
                0
            );
        for (var g = 0; g < content.Sides[0].Groups.Count; g++)
        {
            var first = content.Sides[0].Groups[g];
            page.Line()
                .Line(
                    $"{VisibleText.Of(first.Group.Prompt.Text)}   {TokenTableHtml.Summary(first, [.. first.Group.Responses.Select(r => r.Reward)])}"
                );
            for (var r = 0; r < first.Rows.Count; r++)
                Response(g, r);
        }
        page.Line();
        foreach (var note in content.Notes())
            page.Line(note);
    }

    private void Response(int group, int row)
    {
        var first = content.Sides[0].Groups[group].Rows[row];
        page.Line($"  {first.Number, 2}  reward {Numbers.Short(first.Response.Reward)}");
        var width = Enumerable.Range(0, content.Sides.Count).Max(s => VisibleText.Width(content.Name(s)));
        for (var s = 0; s < content.Sides.Count; s++)
        {
            var side = content.Sides[s];
            var one = side.Groups[group].Rows[row];
            IEnumerable<string> pieces =
            [
                content.Name(s).PadRight(width),
                one.Advantage is { } a ? $"A {Numbers.Signed(a)}:" : $"A {Numbers.Missing}:",
                .. Enumerable
                    .Range(0, one.Shown)
                    .Select(t =>
                        VisibleText.OfToken(one.Response.Symbols[t])
                        + (side.Colouring.IsMeasured ? $"[{side.Label(one.Start + t)}]" : "")
                    ),
            ];
            if (one.Shown < one.Response.Length)
                pieces = pieces.Append($"({one.Shown} of {one.Response.Length} tokens)");
            page.Flow(pieces, indent: width + 8, first: 6);
        }
    }
}
