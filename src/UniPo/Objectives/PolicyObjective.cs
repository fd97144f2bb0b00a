namespace UniPo;

/// <summary>
/// The one objective behind REINFORCE, PPO, GRPO, DAPO, Dr. GRPO and their kin, put together from exchangeable parts.
/// </summary>
/// <remarks>
/// <code>J = Σ_i Σ_t factor_i · (term(r_it, A_it) − β·k_it)        w_it = ∂J / ∂log π_θ(token_it)</code>
/// <see cref="Advantage"/> says A, <see cref="Ratio"/> says r, <see cref="Clip"/> says term, <see cref="Aggregation"/> says
/// factor,
/// <see cref="Kl"/> says k. Change one with <c>with</c> and everything else stays as it was.
/// </remarks>
public sealed partial record PolicyObjective : Objective
{
    /// <summary>How good was this response (or token)?</summary>
    public required Advantage Advantage { get; init; }

    /// <summary>How far has the policy moved since sampling? Default: one ratio a token.</summary>
    public Ratio Ratio { get; init; } = Ratio.Token;

    /// <summary>What happens when it moved too far? Default: nothing.</summary>
    public TrustRegion Clip { get; init; } = UniPo.Clip.None;

    /// <summary>How do tokens of long and short responses share the update? Default: mean over all tokens.</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.TokenMean;

    /// <summary>What keeps the policy near the reference? Default: nothing.</summary>
    public Kl Kl { get; init; } = Kl.None;

    /// <summary>Reward for staying undecided; null for none.</summary>
    public EntropyBonus? Entropy { get; init; }

    /// <summary>How the critic learns; null without a critic.</summary>
    public ValueLoss? Value { get; init; }

    /// <summary>What makes up for a sampler that computes otherwise than the trainer; null for nothing.</summary>
    public SamplerCorrection? Correction { get; init; }

    /// <summary>Which responses and tokens are left out.</summary>
    public Filters Filters { get; init; } = new();

    /// <inheritdoc/>
    public override CreditedBatch Credit(RolloutBatch batch)
    {
        RolloutChecks.Verify(batch);
        var masked = Masked(batch);
        var estimate = Advantage.Estimate(masked, Kl);
        return new CreditedBatch
        {
            Batch = masked,
            Totals = BatchTotals.Of(masked) with { EntropyThreshold = Filters.EntropyThreshold(masked) },
            Advantages = estimate.Advantages,
            ValueTargets = estimate.ValueTargets,
            RewardKl = estimate.RewardKl,
        };
    }

    /// <summary>The batch without the responses that <see cref="Filters"/> leave out: their tokens are masked.</summary>
    /// <param name="batch">Scored responses.</param>
    public RolloutBatch Masked(RolloutBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Filters.Apply(batch, Filters.DropSilentGroups ? SilentGroups(batch) : []);
    }

    /// <inheritdoc/>
    public override bool[] SilentGroups(RolloutBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (Advantage is Gae) // a critic has an opinion on every token; silence is a matter of rewards there
            return base.SilentGroups(batch);
        var advantages = Advantage.BeforeWhitening.Estimate(batch).Advantages;
        var (layout, values) = (batch.Layout, advantages.Values.ToArray());
        return
        [
            .. Enumerable
                .Range(0, layout.Groups)
                .Select(g =>
                    !values
                        .AsSpan(layout.RowStarts[layout.GroupStarts[g]]..layout.RowStarts[layout.GroupStarts[g + 1]])
                        .ContainsAnyExcept(0.0)
                ),
        ];
    }

    private void VerifyParts(CreditedBatch credited)
    {
        var batch = credited.Batch;
        if (Ratio.Formula(Quantities.LogProb) is null && Clip is not NoTrustRegion)
            throw new ArgumentException(
                $"A trust region ({Clip.GetType().Name}) bounds a ratio, but Ratio is None. Set Ratio = Ratio.Token, or Clip = Clip.None."
            );
        if (Kl is KlInLoss)
            RolloutChecks.ReferenceForKl(batch);
        if (Value is not null && (batch.Values is null || batch.OldValues is null || credited.ValueTargets is null))
            throw new ArgumentException(
                "A value loss needs Values, OldValues and an advantage with value targets (GAE). Use a policy with a value head, or set Value = null."
            );
        if (Entropy is { Coefficient: > 0 } && batch.Entropies is null)
            throw new ArgumentException(
                "An entropy bonus needs Entropies, but the batch has none. Score the batch with them, or set Entropy = null."
            );
    }

    /// <inheritdoc/>
    public override TokenReport Evaluate(CreditedBatch batch)
    {
        RolloutChecks.VerifyCurrent(batch.Batch);
        VerifyParts(batch);
        return new PolicyEvaluation(this, batch).Run();
    }

    /// <inheritdoc/>
    public override Objective After(TokenReport report)
    {
        var advantage = Advantage.After(report.Batch);
        var kl = report.Summary.Kl is { } measured ? Kl.After(measured, report.Batch.Layout.Responses) : Kl;
        return advantage == Advantage && kl == Kl ? this : this with { Advantage = advantage, Kl = kl };
    }
}
