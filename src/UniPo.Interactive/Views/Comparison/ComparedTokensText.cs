namespace UniPo.Interactive;

/// <summary>Writes a comparison on the same rollouts as text.</summary>
internal sealed class ComparedTokensText(ComparedTokensContent content, TextPage page)
{
    public void Write()
    {
        for (var g = 0; g < content.Sides[0].Groups.Count; g++)
        {
            var first = content.Sides[0].Groups[g];
            page.Gap()
                .Line(
                    $"{VisibleText.Of(first.Group.Prompt.Text)}   {TokenTableHtml.Summary(first, [.. first.Group.Responses.Select(r => r.Reward)])}"
                );
            for (var r = 0; r < first.Rows.Count; r++)
                if (first.Rows[r].Repeats == 0)
                    Response(g, r);
        }
    }

    private void Response(int group, int row)
    {
        var first = content.Sides[0].Groups[group].Rows[row];
        page.Line(
            $"  {first.Number, 2}{(first.Times > 1 ? $"  × {first.Times}" : "")}  reward {Numbers.Short(first.Response.Reward)}"
        );
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
