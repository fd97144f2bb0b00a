namespace UniPo;

/// <summary>A_i = R_i − b with a fixed baseline b: REINFORCE as it was first written.</summary>
/// <remarks>Williams 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning", section 4.</remarks>
public sealed record RewardOnly : OutcomeAdvantage
{
    /// <summary>The number b subtracted from every reward; any finite number, 0 for plain REINFORCE.</summary>
    public double Baseline { get; init => field = Numerics.Require.That(value, double.IsFinite(value), "RewardOnly.Baseline", "be finite"); }

    private protected override void PerResponse(RewardSignal signal, Span<double> advantages)
    {
        for (var row = 0; row < advantages.Length; row++) advantages[row] = signal.Outcome[row] - Baseline;
    }
}
