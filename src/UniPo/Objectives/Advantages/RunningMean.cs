using UniPo.Numerics;

namespace UniPo;

/// <summary>A_i = R_i − b, where b is the mean reward of earlier rollouts, the latest counting most.</summary>
/// <remarks>
/// Williams 1992, section 4 ("reinforcement comparison"). b ← momentum·b + (1 − momentum)·mean R after each rollout; because it
/// knows nothing of the responses it judges, it adds no bias.
/// </remarks>
public sealed record RunningMean : OutcomeAdvantage
{
    /// <inheritdoc/>
    public override string InWords => FormattableString.Invariant($"reward minus a running mean (momentum {Momentum})");

    /// <summary>b, in units of reward; null before the first rollout, which then is compared with 0.</summary>
    public double? Baseline
    {
        get;
        init => field = value is { } v ? Require.That(v, double.IsFinite(v), "RunningMean.Baseline", "be finite") : null;
    }

    /// <summary>How much of the old baseline stays; in [0, 1). Default 0.9.</summary>
    public double Momentum
    {
        get;
        init => field = Require.That(value, value is >= 0 and < 1, "RunningMean.Momentum", "lie in [0, 1)");
    } = 0.9;

    /// <inheritdoc/>
    public override Advantage After(RolloutBatch batch)
    {
        var mean = SampleStatistics.Mean(batch.Rewards());
        return this with { Baseline = Baseline is { } old ? Momentum * old + (1 - Momentum) * mean : mean };
    }

    /// <inheritdoc/>
    protected override Expression Body(Expression reward) =>
        reward - Expression.Setting("b", Baseline ?? 0, "running mean of the rewards of earlier rollouts");
}
