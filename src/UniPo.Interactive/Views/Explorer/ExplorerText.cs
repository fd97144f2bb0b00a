namespace UniPo.Interactive;

/// <summary>Writes an explorer as text: overview, the open step, and the formula with one token's numbers.</summary>
internal sealed class ExplorerText(ExplorerContent content, TextPage page)
{
    public void Write()
    {
        if (content.Step is not { } step)
        {
            page.Line("This run took no steps, so there is nothing to explore.");
            return;
        }
        foreach (var block in content.Curves.Blocks())
            block.Write(page);
        page.Line()
            .Line(
                $"Step {Numbers.Count(step.Step)} (rollout {Numbers.Count(step.Rollout)}{(step.FirstAfterRollout ? ", first pass" : "")})"
            );
        page.Flow(
            content.Facts.Select(f =>
                $"{f.Metric.Label} {Numbers.Short(f.Value)}{(f.Metric.Unit.Length > 0 ? " " + f.Metric.Unit : "")};"
            ),
            indent: 2
        );
        foreach (var note in content.StepNotes())
            page.Line(note);
        if (content.Tokens is { } tokens)
        {
            page.Line();
            new TokenTableText(new TokenTableContent(tokens), page).Write();
        }
        if (step.Report is { } report && content.Token is { } token)
        {
            page.Line();
            TokenCardText.Write(report.Explain(token.Row, token.Position), page);
            if (content.SamplingCondition is { } condition)
                page.Line().Line(condition);
        }
    }
}
