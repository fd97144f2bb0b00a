namespace UniPo;

public sealed partial record PolicyObjective
{
    /// <inheritdoc/>
    public override Formula Formula
    {
        get
        {
            var token = TokenFormula();
            var objective = Aggregation.Formula(token);
            if (Kl is KlInLoss { Aggregation: { } beside } kl) objective -= kl.Beta * beside.Formula(kl.TokenFormula(RatioFormula()));
            if (Entropy is { Coefficient: > 0 } bonus) objective += bonus.Formula(Aggregation);
            if (Value is { } loss) objective -= loss.Formula(Aggregation);
            return new Formula(Objective(objective), token, []);
        }
    }

    private static Expression Objective(Expression body) => Expression.Define(new("J"), body, "what is maximised");

    /// <summary>What each token contributes: its term, and the KL penalty unless that is aggregated in a way of its own.</summary>
    internal Expression TokenFormula() => Kl is KlInLoss { Aggregation: null } kl ? TermFormula() - kl.Beta * kl.TokenFormula(RatioFormula()) : TermFormula();

    internal Expression TermFormula()
    {
        var advantage = AdvantageFormula();
        return RatioFormula() is { } ratio
            ? Clip.Formula(new TokenSymbols(ratio, advantage, Quantities.LogProb, Quantities.OldLogProb))
            : advantage * Quantities.LogProb;
    }

    internal Expression AdvantageFormula() => Advantage.Formula(Kl is KlInReward kl ? kl.Rewards() : RewardSymbols.Plain);

    internal Expression? RatioFormula() => Ratio.Formula(Clip.LogRatioFormula((Expression)Quantities.LogProb - Quantities.OldLogProb, AdvantageFormula()));

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectivePart> Parts => [.. MainParts(), .. ExtraParts()];

    private IEnumerable<ObjectivePart> MainParts()
    {
        var term = Expression.Define(new("f", "it"), TermFormula(), "what the token adds to the objective");
        yield return new("advantage", "How good was this response (or token)?", Advantage.InWords) { Line = FormulaLine.Of(AdvantageFormula()) };
        yield return new("ratio", "How far has the policy moved since sampling?", Ratio.InWords) { Line = FormulaLine.Of(RatioFormula()) };
        yield return new("trust region", "What happens when it moved too far?", Clip.InWords) { Line = FormulaLine.Of(term) };
        yield return new("aggregation", "How do tokens of long and short responses share the update?", Aggregation.InWords)
        {
            Line = FormulaLine.Of(Objective(Aggregation.Formula(term))),
        };
        yield return new("KL", "What keeps the policy near the reference?", Kl.InWords) { Line = FormulaLine.Of(KlFormula()) };
    }

    private Expression? KlFormula() => Kl switch
    {
        KlInLoss kl => kl.TokenFormula(RatioFormula()),
        KlInReward kl => kl.Rewards().Outcome,
        _ => null,
    };

    private IEnumerable<ObjectivePart> ExtraParts()
    {
        if (Entropy is { Coefficient: > 0 } bonus) yield return new("entropy", "Is being undecided rewarded?", bonus.ToString());
        if (Value is { } loss) yield return new("critic", "How does the critic learn?", loss.ToString());
        if (Filters != new Filters()) yield return new("filters", "Which responses get no say?", Filters.ToString());
        if (Sampling != new SamplingPlan()) yield return new("sampling", "How are responses sampled and used?", Sampling.ToString());
        if (Step != StepRule.Gradient) yield return new("step", "How does the gradient change the parameters?", Step.ToString());
    }

    internal override TokenExplanation Explain(TokenReport report, int row, int token) => new PolicyExplanation(this, report, row, token).Explain();
}
