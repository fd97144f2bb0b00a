namespace UniPo.Interactive;

/// <summary>Writes an explorer: three panes, each complete, the first state of what the script makes explorable.</summary>
internal sealed class ExplorerHtml(ExplorerContent content, HtmlWriter html)
{
    public void Write()
    {
        if (content.Step is not { } step)
        {
            html.Element("p", "This run took no steps, so there is nothing to explore.", ("class", "note"));
            return;
        }
        html.Heading(content.Curves.Title, content.Curves.Subtitle);
        html.Open("div", ("class", "panes")).Line();
        Overview();
        Inspector(step);
        Formula(step);
        html.Close().Line();
        if (content.WithTokens.Count > 0)
            WhatIf.ExplainKnobs(html);
        foreach (var note in content.Curves.Notes())
            html.Element("p", note, ("class", "note")).Line();
        new Fold("Numbers", content.Curves.Table).Write(html);
    }

    private void Overview()
    {
        html.Open("div", ("class", "pane overview"), ("role", "group"), ("aria-label", "Overview")).Line();
        new CurvePanels(content.Curves, html).Write();
        html.Close().Line();
    }

    private void Inspector(TrainingStep step)
    {
        html.Open("div", ("class", "pane inspector"), ("role", "group"), ("aria-label", "Step")).Line();
        html.Open("p", ("class", "head"))
            .Element("span", $"Step {Numbers.Count(step.Step)}", ("class", "step"))
            .Text(" ")
            .Element(
                "span",
                $"rollout {Numbers.Count(step.Rollout)}{(step.FirstAfterRollout ? ", first pass" : "")}",
                ("class", "sub")
            )
            .Close()
            .Line();
        html.Open("dl", ("class", "facts"));
        foreach (var (metric, value) in content.Facts)
            html.Open("div", ("data-metric", metric.Key))
                .Element(
                    "dt",
                    metric.Unit.Length > 0 && !metric.Label.EndsWith(metric.Unit, StringComparison.Ordinal)
                        ? $"{metric.Label}, {metric.Unit}"
                        : metric.Label
                )
                .Element("dd", Numbers.Short(value))
                .Close();
        html.Close().Line();
        foreach (var note in content.StepNotes())
            html.Element("p", note, ("class", "note")).Line();
        if (content.Tokens is { } tokens)
            new TokenTableHtml(new TokenTableContent(tokens), html).Write();
        html.Close().Line();
    }

    private void Formula(TrainingStep step)
    {
        html.Open("div", ("class", "pane formulas"), ("role", "group"), ("aria-label", "Formula")).Line();
        if (step.Report is { } report && content.Token is { } token)
        {
            TokenCardHtml.Write(report.Explain(token.Row, token.Position), html);
            if (content.SamplingCondition is { } condition)
                html.Element("p", condition, ("class", "note")).Line();
        }
        else if (step.Report is { } known)
            Formulas.Lines(html, known.Objective.Formula);
        html.Close().Line();
    }
}
