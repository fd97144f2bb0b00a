namespace UniPo;

/// <summary>r_it = exp(log π_θ − log π_old) for every token.</summary>
/// <remarks>
/// Schulman et al. 2017, "Proximal policy optimization algorithms", equation 6; the choice of PPO, GRPO and DAPO.
/// </remarks>
public sealed record TokenRatio : Ratio
{
    /// <summary>
    /// Log-ratios beyond ± this many nats are cut off and get no gradient; in (0, 600]. Default 600; verl and OpenRLHF use 20.
    /// </summary>
    public double LogClamp
    {
        get;
        init => field = CheckedClamp(value, "TokenRatio.LogClamp");
    } = Limit;

    /// <summary>
    /// True to take the current policy for the old one: r is exactly 1 and nothing is ever clipped, while the gradient is r's
    /// (TRL does so when every rollout is used for a single step). Default false.
    /// </summary>
    public bool OnPolicy { get; init; }

    /// <inheritdoc/>
    public override string InWords =>
        OnPolicy ? "per token, taken as 1 (the old policy is the current one)" : "per token" + ClampInWords(LogClamp);

    /// <inheritdoc/>
    public override Expression Formula(Expression logRatio) =>
        Expression.Define(
            new("r", "it"),
            Expression.Exp(
                OnPolicy ? Quantities.LogProb - Expression.StopGradient(Quantities.LogProb) : Within(logRatio, LogClamp)
            ),
            "importance ratio: how much likelier the token has become since it was sampled"
        );
}
