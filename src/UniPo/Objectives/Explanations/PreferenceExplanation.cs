using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// Explains a token's weight under a <see cref="PreferenceObjective"/>: how far each response of its pair has moved, the margin,
/// the pair's loss.
/// </summary>
/// <remarks>Of several pairs the one that pushes hardest is explained; the last step adds all of them up.</remarks>
internal sealed class PreferenceExplanation
{
    private readonly PreferenceObjective _objective;
    private readonly TokenReport _report;
    private readonly int _row,
        _token;
    private readonly IReadOnlyList<ResponsePair> _pairs;
    private readonly double[] _moved;
    private readonly int[] _mine;
    private readonly BatchScope _scope;
    private readonly StepWriter _writer;

    public PreferenceExplanation(PreferenceObjective objective, TokenReport report, int row, int token)
    {
        (_objective, _report, _row, _token) = (objective, report, row, token);
        _pairs = objective.Pairs.Of(report.Batch);
        _moved = objective.LogRatios(report.Batch);
        _mine =
        [
            .. Enumerable
                .Range(0, _pairs.Count)
                .Where(p => _pairs[p].Chosen == row || _pairs[p].Rejected == row)
                .OrderByDescending(p => Math.Abs(Slope(p))),
        ];
        _scope = FormulaColumns.Scope(report) with
        {
            Row = row,
            Token = token,
            Variable = report.Batch.Layout.RowStarts[row] + token,
            Pair = _mine.FirstOrDefault(-1),
        };
        _writer = new StepWriter(_scope);
    }

    public TokenExplanation Explain()
    {
        var summary = WeightWords.Of(_report, _row, _token);
        if (!_report.Batch.Layout.IsActive(_report.Batch.Layout.RowStarts[_row] + _token))
            return new TokenExplanation(_report, _row, _token, [], summary);
        if (_mine.Length == 0)
            return new TokenExplanation(
                _report,
                _row,
                _token,
                [],
                $"Its response is in no pair (pairs: {_objective.Pairs.InWords}), so the token gets no weight."
            );
        return new TokenExplanation(
            _report,
            _row,
            _token,
            [.. Token(), Response(Over.Chosen), Response(Over.Rejected), .. Letters(), Loss(), Aggregation(), Weight()],
            summary
        );
    }

    private ResponsePair Pair => _pairs[_scope.Pair];

    private PairTerm Term(int pair) => _objective.Loss.At(_moved[_pairs[pair].Chosen], _moved[_pairs[pair].Rejected]);

    /// <summary>Derivative of a pair's loss with respect to this response's log-ratio.</summary>
    private double Slope(int pair) => _pairs[pair].Chosen == _row ? Term(pair).Chosen : Term(pair).Rejected;

    private IEnumerable<ExplanationStep> Token()
    {
        if (_objective.WithoutReference)
            yield break;
        var u = new DefinitionNode(
            new("u", "it"),
            (Expression)Quantities.LogProb - Quantities.ReferenceLogProb,
            "how much likelier the token is than under the reference, in nats"
        );
        yield return _writer.Write(
            "reference",
            u,
            $"The token is {NumberText.Rounded(Math.Exp(_writer.Value(u)))} times as likely as under the reference; with the other tokens it makes up how far its response has moved."
        );
    }

    private ExplanationStep Response(IndexRange which)
    {
        var chosen = which == Over.Chosen;
        var line = new DefinitionNode(
            new("Δ", which.Name),
            Expression.At(which, _objective.MovedFormula().Body),
            $"how far the policy has moved on the {(chosen ? "chosen" : "rejected")} response, in nats"
        );
        return _writer.Write(
            "reference",
            line,
            $"Response {(chosen ? Pair.Chosen : Pair.Rejected) + 1} is the {(chosen ? "chosen" : "rejected")} one{Whose(chosen)}: {Movement(_writer.Value(line))}"
        );
    }

    private string Whose(bool chosen)
    {
        if (chosen != (Pair.Chosen == _row))
            return "";
        return _mine.Length == 1
            ? ", to which the token belongs"
            : $", to which the token belongs; of the {_mine.Length} pairs it is in, this one pushes hardest";
    }

    private string Movement(double moved) =>
        _objective.WithoutReference
            ? $"its log-probability is {NumberText.Rounded(moved)} nats{(_objective.Loss.PerToken ? " a token" : "")}."
            : $"it is {NumberText.Rounded(Math.Exp(moved))} times as likely as under the reference{(_objective.Loss.PerToken ? ", on average per token" : "")}.";

    /// <summary>The letters between the two movements and the loss: the margin, and whatever else the loss defines.</summary>
    private IEnumerable<ExplanationStep> Letters()
    {
        var letters = new FormulaLetters();
        letters.Visit(_objective.LossFormula());
        foreach (var line in letters.Lines.Skip(1).Reverse().Select(l => l.Definition!).Where(d => d.Symbol.Base != "Δ"))
            yield return _writer.Write(
                line.Symbol.Base == "h" ? "pairs" : "loss",
                line,
                line.Symbol.Base == "h" ? MarginSentence(_writer.Value(line)) : null
            );
    }

    private static string MarginSentence(double margin) =>
        margin switch
        {
            > 0 => "The policy has moved towards the chosen response more than towards the rejected one.",
            < 0 => "The policy has moved towards the rejected response more than towards the chosen one.",
            _ => "The policy has moved on both responses alike: nothing has been learnt from the pair yet.",
        };

    private ExplanationStep Loss() => _writer.Write("loss", _objective.LossFormula(), LossSentence());

    private string LossSentence()
    {
        if (Sentence.At(_objective.LossSentences(), _scope) is { } said)
            return said;
        var term = Term(_mine[0]);
        return $"One nat more on the chosen response changes the loss by {NumberText.Rounded(term.Chosen)}, one more on the rejected response by {NumberText.Rounded(term.Rejected)}.";
    }

    private ExplanationStep Aggregation()
    {
        var share = ShareLine();
        var why =
            share.Body is NumberNode
                ? "The pairs are those of the whole batch, of which this is a part."
                : "Aggregation: mean over the pairs.";
        return _writer.Write(
            "aggregation",
            share,
            $"Each pair counts {NumberText.Rounded(_writer.Value(share))} in the sum. {why}"
        );
    }

    // The report knows how many pairs were counted only through its weights.
    private DefinitionNode ShareLine()
    {
        Expression share = 1 / (Expression)Quantities.Pairs;
        var slope = _mine.Sum(Slope) / _objective.Divisor(_report.Batch.Layout, _row);
        if (slope != 0 && -_report.Weight[_row, _token] / slope is var used && !StepWriter.Same(used, 1.0 / _pairs.Count))
            share = Binder.Measured(used);
        return new DefinitionNode(new("a", "p"), share, "share of each pair in the objective");
    }

    private ExplanationStep Weight()
    {
        var slope = new Derivative(_scope, Quantities.LogProb).Of(-Expression.Sum(Over.Pairs, _objective.LossFormula()));
        var body = AggregationShare.Of(ShareLine(), slope);
        var line = new DefinitionNode(
            new("w", "it"),
            body,
            "how hard the token's log-probability is pushed: the derivative of J with respect to it"
        );
        return _writer.Write(
            "weight",
            line,
            WeightWords.Of(_report, _row, _token) + (body is NumberNode ? "" : " All tokens of a response get the same.")
        );
    }
}
