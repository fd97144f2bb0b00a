namespace UniPo;

/// <summary>A_i = R_i − b with a fixed baseline b: REINFORCE as it was first written.</summary>
/// <remarks>
/// Williams 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning", section 4.
/// </remarks>
public sealed record RewardOnly : OutcomeAdvantage
{
    /// <summary>The number b subtracted from every reward; any finite number, 0 for plain REINFORCE.</summary>
    public double Baseline
    {
        get;
        init => field = Numerics.Require.That(value, double.IsFinite(value), "RewardOnly.Baseline", "be finite");
    }

    /// <inheritdoc/>
    public override string InWords =>
        Baseline == 0 ? "the reward" : FormattableString.Invariant($"the reward minus the fixed baseline {Baseline}");

    /// <inheritdoc/>
    protected override Expression Body(Expression reward) =>
        Baseline == 0 ? reward : reward - Expression.Setting("b", Baseline, "fixed baseline");
}
