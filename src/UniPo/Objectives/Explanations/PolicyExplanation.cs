using UniPo.Numerics;

namespace UniPo;

/// <summary>Explains a token's weight under a <see cref="PolicyObjective"/>, part by part.</summary>
internal sealed class PolicyExplanation
{
    private readonly PolicyObjective _objective;
    private readonly TokenReport _report;
    private readonly int _row,
        _token,
        _flat;
    private readonly BatchScope _scope;
    private readonly StepWriter _writer;
    private readonly bool _settled;

    public PolicyExplanation(PolicyObjective objective, TokenReport report, int row, int token)
    {
        (_objective, _report, _row, _token) = (objective, report, row, token);
        _flat = report.Batch.Layout.RowStarts[row] + token;
        var scope = FormulaColumns.Scope(report) with { Row = row, Token = token, Variable = _flat };
        _settled = !AdvantageFollowsFromBatch(scope);
        _scope = _settled ? scope with { SettledAdvantages = report.Advantage } : scope;
        _writer = new StepWriter(_scope);
    }

    public TokenExplanation Explain()
    {
        var summary = WeightWords.Of(_report, _row, _token);
        if (!_report.Batch.Layout.IsActive(_flat))
            return new TokenExplanation(_report, _row, _token, [], summary);
        return new TokenExplanation(
            _report,
            _row,
            _token,
            [.. Sampling(), .. Ratio(), .. Advantage(), Term(), .. Kl(), Aggregation(), Weight()],
            summary
        );
    }

    // A mini-batch holds a part of the rollout that advantages were estimated on; then only the result is known here.
    private bool AdvantageFollowsFromBatch(BatchScope scope)
    {
        try
        {
            return StepWriter.Same(Calculator.At(_objective.AdvantageFormula(), scope).Value, _report.Advantage!.Values[_flat]);
        }
        catch (ArgumentException)
        {
            return false; // a column that the rollout had is missing here
        }
    }

    private IEnumerable<ExplanationStep> Sampling()
    {
        if (!_objective.Sampling.RefillSilentGroups)
            yield break;
        var condition = new DefinitionNode(
            new("q", "", "g"),
            Expression.Indicator(PolicyObjective.GroupsDiffer),
            "1 when dynamic sampling keeps the group"
        );
        yield return _writer.Write(
            "sampling",
            condition,
            _writer.Value(condition) == 1
                ? "The group's rewards differ, so dynamic sampling keeps it."
                : "The group's rewards are all equal: dynamic sampling would replace it."
        );
    }

    private IEnumerable<ExplanationStep> Ratio()
    {
        if (_objective.RatioFormula() is not DefinitionNode ratio)
            yield break;
        foreach (var step in Below("ratio", ratio, "A"))
            yield return step;
        yield return _writer.Write("ratio", ratio, Sentence.At(PolicySentences.Ratio(ratio), _scope));
    }

    private IEnumerable<ExplanationStep> Advantage()
    {
        if (_objective.AdvantageFormula() is not DefinitionNode advantage || _settled)
        {
            yield return _writer.Write(
                "advantage",
                Settled(),
                "Estimated once for the whole rollout, of which this batch may be a part."
            );
            yield break;
        }
        foreach (var step in Below("advantage", advantage))
            yield return step;
        yield return _writer.Write("advantage", advantage, Sentence.At(PolicySentences.Advantage(advantage), _scope));
    }

    private DefinitionNode Settled()
    {
        var symbol = ((DefinitionNode)_objective.AdvantageFormula()).Symbol;
        return new DefinitionNode(symbol, Binder.Measured(_report.Advantage!.Values[_flat]), "advantage");
    }

    /// <summary>The lines that a letter stands on, deepest first.</summary>
    private IEnumerable<ExplanationStep> Below(string part, DefinitionNode letter, string except = "")
    {
        var letters = new FormulaLetters();
        letters.Visit(letter);
        return letters
            .Lines.Skip(1)
            .Reverse()
            .Where(l => l.Definition!.Symbol.Base != except)
            .Select(l => _writer.Write(part, l.Definition!));
    }

    private ExplanationStep Term()
    {
        var term = _objective.TermLine();
        return _writer.Write("trust region", term, TermSentence(term));
    }

    private string TermSentence(DefinitionNode term)
    {
        if (_report.Ratio is null)
            return Sentence.At(PolicySentences.WithoutRatio, _scope)!;
        if (_report.Clipped?[_flat] is { } side && !Enum.IsDefined(side))
            return term.Meaning;
        return Sentence.At(_objective.TermSentences(), _scope)
            ?? (_report.Clipped?[_flat] ?? ClipSide.None) switch
            {
                ClipSide.None => $"The term is {NumberText.Rounded(_writer.Value(term))}.",
                var bound =>
                    $"Its {(bound == ClipSide.High ? "upper" : "lower")} bound bites; what is left of the gradient through this term stands below.",
            };
    }

    private IEnumerable<ExplanationStep> Kl()
    {
        if (_objective.Kl is not KlInLoss kl || kl.TokenFormula(_objective.RatioFormula()) is not { } formula)
            yield break;
        var letters = new FormulaLetters();
        letters.Visit(formula);
        foreach (
            var line in letters
                .Lines.Select(l => l.Definition!)
                .Where(d => d.Symbol.Base is "u" or "k")
                .OrderByDescending(d => d.Symbol.Base)
        )
        {
            yield return _writer.Write(
                "KL",
                line,
                line.Symbol.Base == "u" ? Sentence.At(PolicySentences.Distance(line), _scope) : null
            );
        }
    }

    private ExplanationStep Aggregation() =>
        AggregationShare.Step(_objective.Aggregation, _writer, _report.AggregationWeight!.Values[_flat]);

    private ExplanationStep Weight()
    {
        var derivative = new Derivative(_scope, Quantities.LogProb);
        Expression slope = derivative.Of(Expression.Sum(Over.Tokens, _objective.TokenFormula()));
        var body = AggregationShare.Of(
            AggregationShare.Line(_objective.Aggregation, _writer, _report.AggregationWeight!.Values[_flat]),
            slope
        );
        if (_objective.Kl is KlInLoss { Aggregation: { } beside } kl)
            body = body - derivative.Of(kl.Beta * beside.Formula(kl.TokenFormula(_objective.RatioFormula())));
        var line = new DefinitionNode(
            new("w", "it"),
            body,
            "how hard the token's log-probability is pushed: the derivative of J with respect to it"
        );
        var weight = _report.Weight.Values[_flat];
        var sentence = WeightWords.Of(_report, _row, _token);
        var explained = _writer.Value(body);
        if (StepWriter.Same(explained, weight) && explained == 0 == (weight == 0))
            return _writer.Write("weight", line, sentence);
        // A part may tie a token to others, of other responses, too; then its own term is not all of the derivative.
        return _writer.Write(
            "weight",
            line with
            {
                Body = Binder.Measured(weight),
            },
            sentence + " Other tokens' terms depend on this token, too: the number is the derivative of all of J."
        );
    }
}
