using UniPo.Numerics;

namespace UniPo;

/// <summary>What generalised advantage estimation makes of a masked token inside a response (a tool's output, padding).</summary>
public enum MaskedTokens
{
    /// <summary>Passes over it: the token before it looks at the value after it (verl).</summary>
    Skip,

    /// <summary>Takes its value and reward as 0, so that the token before it sees an end (OpenRLHF, TRL, oat).</summary>
    Zero,

    /// <summary>Takes its value and reward as they are (SkyRL).</summary>
    Keep,
}

/// <summary>
/// A_t = Σ_k (γλ)^k·δ_{t+k} with δ_t = r_t + γ·V_{t+1} − V_t: a critic says, token by token, what was to be expected.
/// </summary>
/// <remarks>
/// Schulman et al. 2016, "High-dimensional continuous control using generalized advantage estimation", equation 16. λ = 1 trusts
/// the rewards (no bias, much variance), λ = 0 trusts the critic. The critic's target is A + V before whitening.
/// </remarks>
public sealed record Gae : Advantage
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"generalised advantage estimation, γ = {Gamma}, λ = {Lambda}{(Whiten is null ? "" : ", whitened")}"
        );

    /// <summary>γ, in [0, 1]. Default 1, as for all trainers of language models.</summary>
    public double Gamma
    {
        get;
        init => field = Require.UnitInterval(value, "Gae.Gamma");
    } = 1;

    /// <summary>λ, in [0, 1]. Default 0.95.</summary>
    public double Lambda
    {
        get;
        init => field = Require.UnitInterval(value, "Gae.Lambda");
    } = 0.95;

    /// <summary>What becomes of masked tokens. Default: passed over.</summary>
    public MaskedTokens MaskedTokens { get; init; }

    /// <summary>
    /// Scales the rewards of the batch before anything else (TRL <c>whiten_rewards</c> keeps their mean); null for none.
    /// </summary>
    public Whitening? WhitenRewards { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(RewardSymbols reward) => Whitened(Sum(reward));

    /// <inheritdoc/>
    internal override Expression? TargetFormula(RewardSymbols reward)
    {
        var advantage = Whiten is null ? PerToken(Sum(reward)) : Raw(Sum(reward));
        return Expression.Define(new("R̂", "it"), advantage + Quantities.OldValue, "what the critic should have said");
    }

    private Expression Sum(RewardSymbols reward)
    {
        var skip = MaskedTokens == MaskedTokens.Skip;
        var rewards = reward.PerToken;
        Expression value = Quantities.OldValue;
        if (WhitenRewards is { } whiten)
            rewards = Expression.Define(
                new("R", "it", "w"),
                whiten.Formula(rewards),
                "reward of the token, whitened over the batch"
            );
        if (MaskedTokens == MaskedTokens.Zero)
            (rewards, value) = (Quantities.Counts * rewards, Quantities.Counts * value);
        var gamma = Expression.Setting("γ", Gamma, "how much what comes one token later counts");
        var next = Expression.At(skip ? Over.NextToken : Over.NextPlace, value);
        var delta = Expression.Define(
            new("δ", "it"),
            rewards + gamma * next - value,
            "surprise at token t: what came, minus what the critic expected"
        );
        var decay = gamma * Expression.Setting("λ", Lambda, "how far credit reaches back: 1 trusts the rewards, 0 the critic");
        return Expression.Sum(
            skip ? Over.ThisAndLaterTokens : Over.ThisAndLaterPlaces,
            Expression.Power(decay, skip ? Quantities.TokensLater : Quantities.PlacesLater) * delta
        );
    }

    internal override void Verify(RolloutBatch batch)
    {
        if (batch.OldValues is null)
            throw new ArgumentException(
                "GAE needs OldValues, but the batch has none. Use a policy with a value head, or an advantage without a critic."
            );
    }
}
