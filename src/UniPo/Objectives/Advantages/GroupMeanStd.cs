using UniPo.Numerics;

namespace UniPo;

/// <summary>A_i = (R_i − mean_g R) / (std_g R + ε): the reward as a z-score among the answers to the same prompt.</summary>
/// <remarks>
/// Shao et al. 2024, "DeepSeekMath", section 4.1.2. Trainers agree on the sample standard deviation (divisor G − 1) and
/// disagree on ε: TRL 1e-4, verl and SkyRL 1e-6, oat 1e-8, OpenRLHF 1e-9.
/// Dividing by the spread makes easy and hard prompts (small spread) count as much as undecided ones.
/// </remarks>
public sealed record GroupMeanStd : GroupAdvantage
{
    /// <summary>
    /// Subtracted from G in the divisor of the variance: 1 for the sample's, 0 for the population's. Default 1.
    /// </summary>
    public int Ddof
    {
        get;
        init => field = Require.That(value, value is 0 or 1, "GroupMeanStd.Ddof", "be 0 or 1");
    } = 1;

    /// <summary>Added to the standard deviation, in units of reward; at least 0. Default 1e-6.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "GroupMeanStd.Epsilon");
    } = 1e-6;

    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"reward minus the mean of its group, divided by its std (divisor G{(Ddof == 1 ? " − 1" : "")}, ε = {Epsilon:0.#########e0})"
        );

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        var lone = Epsilon == 0 ? reward : reward / GroupFormulas.Spread(1, Epsilon);
        var spread = GroupFormulas.Spread(Expression.Std(Over.Group, reward, Ddof), Epsilon);
        return GroupFormulas.Alone(Lone, lone, (reward - Expression.Mean(Over.Group, reward)) / spread);
    }
}
