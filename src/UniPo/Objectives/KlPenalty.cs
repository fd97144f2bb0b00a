using UniPo.Numerics;

namespace UniPo;

/// <summary>The KL penalty where it is part of the reward.</summary>
internal static class KlPenalty
{
    /// <summary>Advantages from rewards that pay for the distance to the reference, when the penalty says so.</summary>
    /// <param name="advantage">The estimator.</param>
    /// <param name="kl">The penalty.</param>
    /// <param name="batch">The responses, masks applied.</param>
    /// <param name="paid">[ΣT] the KL estimates that were paid for; null for none.</param>
    public static AdvantageEstimate Estimate(Advantage advantage, Kl kl, RolloutBatch batch, out TokenColumn? paid)
    {
        paid = null;
        if (kl is not KlInReward { Coefficient: > 0 } inReward)
            return advantage.Estimate(batch);
        paid = Column(inReward, batch);
        return advantage.Estimate(batch, new TokenPenalty(paid, inReward.Coefficient, inReward.AfterBaseline));
    }

    /// <summary>[ΣT] k of log π_old − log π_ref, in nats; 0 on masked tokens.</summary>
    public static TokenColumn Column(KlInReward kl, RolloutBatch batch)
    {
        var column = GC.AllocateUninitializedArray<double>(batch.Layout.Tokens);
        DoubleKernels.Subtract(batch.OldLogProbs.Values, RolloutChecks.Reference(batch).Values, column);
        Masked.Clear(batch.Layout, column);
        kl.Estimator.Estimate(column); // k of 0 is 0 for every estimator, so masked tokens stay at 0
        return new TokenColumn(batch.Layout, column);
    }
}
