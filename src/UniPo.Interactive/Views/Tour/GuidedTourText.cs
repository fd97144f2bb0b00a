namespace UniPo.Interactive;

/// <summary>Writes a tour as text.</summary>
internal sealed class GuidedTourText(GuidedTourContent content, TextPage page)
{
    public void Write()
    {
        page.Line(content.Title);
        foreach (var beat in GuidedTourContent.Beats)
        {
            page.Line().Line($"{(int)beat + 1}. {GuidedTourContent.Name(beat)}: {content.Says(beat)}", indent: 3);
            if (beat == Beat.Prompts)
                page.Flow(content.Report.Batch.Groups.Take(6).Select(g => VisibleText.Of(g.Prompt.Text, 60)), indent: 3);
            else if (beat == Beat.Update)
                page.Flow(content.Update().Select(u => $"{u.Name} {u.Value};"), indent: 3);
            else
                foreach (var row in content.Rows)
                    page.Flow(Pieces(beat, row), indent: 6, first: 3);
        }
    }

    private IEnumerable<string> Pieces(Beat beat, TokenRow row)
    {
        yield return $"{row.Number, 2}";
        if (beat == Beat.Rewards)
            yield return $"reward {Numbers.Short(row.Response.Reward)}:";
        if (beat == Beat.Advantages)
            yield return $"advantage {(row.Advantage is { } a ? Numbers.Signed(a) : Numbers.Missing)}:";
        for (var t = 0; t < row.Shown; t++)
            yield return VisibleText.OfToken(row.Response.Symbols[t])
                + (beat == Beat.Weights ? $"[{content.Tokens.Label(row.Start + t)}]" : "");
        if (row.Shown < row.Response.Length)
            yield return $"({row.Shown} of {row.Response.Length} tokens)";
    }
}
