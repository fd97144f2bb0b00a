namespace UniPo;

/// <summary>The KL penalty where it is part of the reward.</summary>
internal static class KlPenalty
{
    /// <summary>Advantages from rewards that pay for the distance to the reference, when the penalty says so.</summary>
    public static AdvantageEstimate Estimate(Advantage advantage, Kl kl, RolloutBatch batch)
    {
        if (kl is not KlInReward { Coefficient: > 0 } inReward) return advantage.Estimate(batch);
        var penalty = Column(inReward, batch);
        for (var i = 0; i < penalty.Length; i++) penalty[i] *= inReward.Coefficient;
        return advantage.Estimate(batch, penalty, inReward.AfterBaseline);
    }

    /// <summary>[ΣT] k of log π_old − log π_ref, in nats; 0 on masked tokens.</summary>
    public static double[] Column(KlInReward kl, RolloutBatch batch)
    {
        var reference = RolloutChecks.Reference(batch).Values;
        var old = batch.OldLogProbs.Values;
        var column = new double[batch.Layout.Tokens];
        for (var i = 0; i < column.Length; i++)
            if (batch.Layout.IsActive(i)) column[i] = kl.Estimator.At(old[i] - reference[i]).Value;
        return column;
    }
}
