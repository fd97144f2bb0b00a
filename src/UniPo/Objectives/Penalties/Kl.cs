using UniPo.Numerics;

namespace UniPo;

/// <summary>What keeps the policy near the reference?</summary>
public abstract record Kl
{
    /// <summary>The penalty for the next rollout: itself, unless β adapts.</summary>
    /// <param name="kl">Mean KL per token of this rollout, in nats.</param>
    /// <param name="responses">Number of its responses.</param>
    public virtual Kl After(double kl, double responses) => this;

    /// <summary>Nothing.</summary>
    public static NoKl None { get; } = new();

    /// <summary>A penalty β·k in the objective, token by token.</summary>
    /// <param name="coefficient">β, at least 0.</param>
    /// <param name="estimator">Default: k3.</param>
    public static KlInLoss InLoss(double coefficient, KlEstimator? estimator = null) =>
        new() { Coefficient = coefficient, Estimator = estimator ?? KlEstimator.K3 };

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>β·k is subtracted from the reward of each token before advantages are estimated.</summary>
    /// <param name="coefficient">β, at least 0.</param>
    /// <param name="estimator">Default: k1.</param>
    public static KlInReward InReward(double coefficient, KlEstimator? estimator = null) =>
        new() { Coefficient = coefficient, Estimator = estimator ?? KlEstimator.K1 };
}

/// <summary>No penalty: the policy may go wherever the reward leads it.</summary>
public sealed record NoKl : Kl
{
    /// <inheritdoc/>
    public override string InWords => "none";
}

/// <summary>J loses β·k(log π_θ − log π_ref) for every token, with the factor of the aggregation.</summary>
/// <remarks>Shao et al. 2024 (GRPO), equation 3, with k3.</remarks>
public sealed record KlInLoss : Kl
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"in the loss, {Estimator}{(TimesRatio ? " times the ratio" : "")}, β = {Coefficient}{(Aggregation is null ? "" : $", {Aggregation}")}"
        );

    /// <summary>β, at least 0, without unit.</summary>
    public double Coefficient
    {
        get;
        init => field = Require.NotNegative(value, "KlInLoss.Coefficient");
    }

    /// <summary>Which estimate of the divergence. Default: k3.</summary>
    public KlEstimator Estimator { get; init; } = KlEstimator.K3;

    /// <summary>
    /// True to multiply k by the importance ratio, gradient included (DeepSeek-V3.2's unbiased form; TRL
    /// <c>use_bias_correction_kl</c>).
    /// </summary>
    public bool TimesRatio { get; init; }

    /// <summary>How β follows a target; null for a fixed β.</summary>
    public AdaptiveCoefficient? Adaptive { get; init; }

    /// <summary>
    /// How the penalty is aggregated; null for the way of the policy term. OpenRLHF always takes the mean over tokens.
    /// </summary>
    public Aggregation? Aggregation { get; init; }

    internal Expression Beta => Expression.Setting("β", Coefficient, "strength of the KL penalty");

    /// <summary>k_it as the loss of a token has it, before β.</summary>
    internal Expression TokenFormula(Expression? ratio)
    {
        var u = Expression.Define(
            new("u", "it"),
            (Expression)Quantities.LogProb - Quantities.ReferenceLogProb,
            "how much likelier the token is than under the reference, in nats"
        );
        var k = Expression.Define(
            new("k", "it"),
            Estimator.Formula(u),
            $"estimate ({Estimator}) of how far the policy is from the reference at this token, in nats"
        );
        return TimesRatio && ratio is not null ? ratio * k : k;
    }

    /// <inheritdoc/>
    public override Kl After(double kl, double responses) =>
        Adaptive is null ? this : this with { Coefficient = Adaptive.Next(Coefficient, kl, responses) };
}

/// <summary>
/// The reward of every token loses β·k(log π_old − log π_ref): the estimate is made once, when the response was sampled.
/// </summary>
/// <remarks>
/// Ouyang et al. 2022 (InstructGPT), section 3.5; TRL's RLOO and PPO, verl <c>use_kl_in_reward</c>, OpenRLHF's default.
/// </remarks>
public sealed record KlInReward : Kl
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"in the reward, {Estimator}, β = {Coefficient}{(AfterBaseline ? ", subtracted after the baseline" : "")}"
        );

    /// <summary>β, at least 0, in units of reward per nat.</summary>
    public double Coefficient
    {
        get;
        init => field = Require.NotNegative(value, "KlInReward.Coefficient");
    }

    /// <summary>Which estimate of the divergence. Default: k1.</summary>
    public KlEstimator Estimator { get; init; } = KlEstimator.K1;

    /// <summary>How β follows a target; null for a fixed β.</summary>
    public AdaptiveCoefficient? Adaptive { get; init; }

    /// <summary>
    /// True to subtract it after the group's baseline, token by token (OpenRLHF); false to let the baseline see it (TRL, verl).
    /// </summary>
    public bool AfterBaseline { get; init; }

    /// <summary>The rewards of which advantages are made, penalty included.</summary>
    internal RewardSymbols Rewards()
    {
        var u = Expression.Define(
            new("u", "it"),
            (Expression)Quantities.OldLogProb - Quantities.ReferenceLogProb,
            "how much likelier the token was at sampling than under the reference, in nats"
        );
        var k = Expression.Define(
            new("k", "it"),
            Estimator.Formula(u),
            $"estimate ({Estimator}) of how far the policy was from the reference at this token, in nats"
        );
        var penalty = Expression.Setting("β", Coefficient, "strength of the KL penalty, in reward per nat") * k;
        var perToken = Expression.Define(
            new("R̃", "it"),
            Quantities.TokenReward - penalty,
            "reward of the token after its KL penalty"
        );
        var outcome = Expression.Define(
            new("R̃", "i"),
            Quantities.Reward - Expression.Sum(Over.Tokens, penalty),
            "reward of the response after its KL penalty"
        );
        return new RewardSymbols
        {
            Outcome = AfterBaseline ? Quantities.Reward : outcome,
            PerToken = perToken,
            Penalty = penalty,
            Estimate = k,
            PenaltyAfterBaseline = AfterBaseline,
        };
    }

    /// <inheritdoc/>
    public override Kl After(double kl, double responses) =>
        Adaptive is null ? this : this with { Coefficient = Adaptive.Next(Coefficient, kl, responses) };
}
