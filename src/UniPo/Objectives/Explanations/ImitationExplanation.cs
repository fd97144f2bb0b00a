using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Explains a token's weight under an <see cref="ImitationObjective"/>: is its response imitated, and with which share?
/// </summary>
internal sealed class ImitationExplanation(ImitationObjective objective, TokenReport report, int row, int token)
{
    private readonly int _flat = report.Batch.Layout.RowStarts[row] + token;

    private readonly StepWriter _writer = new(
        FormulaColumns.Scope(report) with
        {
            Row = row,
            Token = token,
            Variable = report.Batch.Layout.RowStarts[row] + token,
        }
    );

    public TokenExplanation Explain()
    {
        if (report.Batch.Layout.IsActive(_flat))
            return new TokenExplanation(report, row, token, [.. Selection(true), Term(), Aggregation(), Weight()], Summary);
        // Responses that are not chosen are masked as a whole; a masked token of a chosen one needs no explanation.
        var chosen = report.Batch.Layout.ActiveInRow[row] > 0 || objective.Selection.Of(report.Batch)[row];
        return chosen
            ? new TokenExplanation(report, row, token, [], Summary)
            : new TokenExplanation(
                report,
                row,
                token,
                [.. Selection(false)],
                $"Its response is not imitated (only {objective.Selection.InWords}), so the token gets no weight."
            );
    }

    private string Summary => WeightWords.Of(report, row, token);

    private IEnumerable<ExplanationStep> Selection(bool chosen)
    {
        if (objective.Selection.Condition is not { } condition)
            yield break;
        var line = new DefinitionNode(
            new("c", "i"),
            Expression.Indicator(condition),
            "1 for a response that is imitated, 0 for one that is not"
        );
        // A relation does not say which of equals is taken, and in a part of a group another response may be the best.
        var follows = _writer.Value(line.Body) == (chosen ? 1 : 0);
        if (!follows)
            line = line with { Body = Binder.Measured(chosen ? 1 : 0) };
        var exception = follows ? "" : " " + objective.Selection.Exception;
        yield return _writer.Write(
            "selection",
            line,
            $"The response is {(chosen ? "" : "not ")}among those that are imitated: {objective.Selection.InWords}.{exception}"
        );
    }

    private ExplanationStep Term()
    {
        var term = new DefinitionNode(new("f", "it"), Quantities.LogProb, "what the token adds to the objective");
        return _writer.Write(
            "term",
            term,
            "Imitation asks of every token only to become likelier: its term is its log-probability, with slope 1."
        );
    }

    private ExplanationStep Aggregation() =>
        AggregationShare.Step(objective.Aggregation, _writer, report.AggregationWeight!.Values[_flat]);

    private ExplanationStep Weight()
    {
        var share = AggregationShare.Line(objective.Aggregation, _writer, report.AggregationWeight!.Values[_flat]);
        var line = new DefinitionNode(
            new("w", "it"),
            share,
            "how hard the token's log-probability is pushed: the derivative of J with respect to it"
        );
        return _writer.Write("weight", line, Summary);
    }
}
