namespace UniPo;

/// <summary>The KL penalty where it is part of the reward.</summary>
internal static class KlPenalty
{
    /// <summary>The rewards that advantages are estimated from.</summary>
    public static RewardSignal Signal(Kl kl, RolloutBatch batch)
    {
        if (kl is not KlInReward { Coefficient: > 0 } inReward) return new RewardSignal(batch);
        var reference = RolloutChecks.Reference(batch).Values;
        var old = batch.OldLogProbs.Values;
        var penalty = new double[batch.Layout.Tokens];
        for (var i = 0; i < penalty.Length; i++)
            if (batch.Layout.IsActive(i)) penalty[i] = inReward.Coefficient * inReward.Estimator.At(old[i] - reference[i]).Value;
        return new RewardSignal(batch, penalty, inReward.AfterBaseline);
    }
}
