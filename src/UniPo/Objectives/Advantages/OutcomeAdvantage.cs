using UniPo.Numerics;

namespace UniPo;

/// <summary>An estimator that gives each response one number, A_i, for all of its tokens.</summary>
public abstract record OutcomeAdvantage : Advantage
{
    /// <summary>
    /// γ: a token that is k tokens before the end gets γ^k·A_i; in [0, 1]. Default 1: all tokens of a response share A_i.
    /// </summary>
    public double Gamma
    {
        get;
        init => field = Require.UnitInterval(value, "OutcomeAdvantage.Gamma");
    } = 1;

    /// <summary>
    /// A_i is held in this interval; null for no limit. OpenRLHF's <c>reward_clip_range</c> acts here, after the baseline.
    /// </summary>
    public Interval? Range { get; init; }

    /// <summary>Brings the A_i of the batch to mean 0 and spread 1, response by response; null to leave them.</summary>
    public ResponseNormalization? Normalize { get; init; }

    /// <summary>A_i in symbols.</summary>
    /// <param name="reward">The reward's letter, R_i.</param>
    protected abstract Expression Body(Expression reward);

    /// <summary>The same for another estimator that compares rewards of its own making.</summary>
    internal Expression BodyFor(Expression reward) => Body(reward);

    internal override Advantage BeforeWhitening => this with { Whiten = null, Normalize = null };

    /// <summary>[B] the advantage of each response, before it is spread over its tokens.</summary>
    public double[] PerResponse(RolloutBatch batch) =>
        (this with { Gamma = 1, Whiten = null }).Estimate(batch).Advantages.Shares!.ToArray();

    /// <inheritdoc/>
    public sealed override Expression Formula(RewardSymbols reward)
    {
        var body = Body(reward.Outcome);
        if (Range is { } range)
            body = Expression.Clip(body, range.Low, range.High);
        if (Normalize is { } normalize)
            body = normalize.Formula(
                Expression.Define(new("A", "i", "raw"), body, "advantage of response i before normalisation")
            );
        var penalized = reward.PenaltyAfterBaseline && reward.Penalty is not null;
        if (Gamma == 1 && !penalized && Whiten is null)
            return PerResponse(body);
        var tokens = PerResponse(body);
        if (Gamma < 1)
        {
            var gamma = Expression.Setting("γ", Gamma, "how much less each token further from the end gets");
            tokens = Expression.Power(gamma, Quantities.Length - (Expression)Quantities.Position) * tokens;
        }
        if (penalized)
            tokens -= RewardToGo.ToGo(Over.ThisAndLaterTokens, reward.Penalty!, Gamma, Quantities.PlacesLater);
        return Whitened(tokens);
    }
}
