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
            return new Formula(Expression.Define(new("J"), objective, "what is maximised"), token, []);
        }
    }

    /// <summary>What each token contributes: its term, and the KL penalty unless that is aggregated in a way of its own.</summary>
    private Expression TokenFormula()
    {
        var advantage = AdvantageFormula();
        var ratio = RatioFormula();
        var term = ratio is null
            ? advantage * Quantities.LogProb
            : Clip.Formula(new TokenSymbols(ratio, advantage, Quantities.LogProb, Quantities.OldLogProb));
        return Kl is KlInLoss { Aggregation: null } kl ? term - kl.Beta * kl.TokenFormula(ratio) : term;
    }

    private Expression AdvantageFormula() => Advantage.Formula(Kl is KlInReward kl ? kl.Rewards() : RewardSymbols.Plain);

    private Expression? RatioFormula() => Ratio.Formula(Clip.LogRatioFormula((Expression)Quantities.LogProb - Quantities.OldLogProb, AdvantageFormula()));
}
