namespace UniPo;

/// <summary>The rewards an estimator works on: those of the task, and a penalty per token when the KL penalty is part of the reward.</summary>
public sealed class RewardSignal
{
    /// <summary>The rewards of a batch.</summary>
    /// <param name="batch">Scored responses.</param>
    /// <param name="penalty">[ΣT] subtracted from the reward of each token, 0 on masked ones (for instance β·KL); null for none.</param>
    /// <param name="afterBaseline">True when estimators with a baseline subtract the penalty after the baseline, token by token.</param>
    public RewardSignal(RolloutBatch batch, double[]? penalty = null, bool afterBaseline = false)
    {
        Batch = batch;
        Penalty = penalty;
        PenaltyAfterBaseline = afterBaseline && penalty is not null;
        Outcome = batch.Rewards();
        for (var row = 0; row < Outcome.Length; row++)
        {
            if (!double.IsFinite(Outcome[row]))
                throw new ArgumentException($"The reward of response {row} must be a finite number, but was {Outcome[row]}. Give an unscorable response a reward, or remove it.");
            if (penalty is not null && !afterBaseline)
                foreach (var p in penalty.AsSpan(Layout.RowStarts[row], Layout.Length(row))) Outcome[row] -= p;
        }
    }

    /// <summary>The responses.</summary>
    public RolloutBatch Batch { get; }

    /// <summary>Where the responses' tokens lie.</summary>
    public TokenLayout Layout => Batch.Layout;

    /// <summary>[B] reward of each response; the sum of its penalty is already subtracted unless that happens after the baseline.</summary>
    public double[] Outcome { get; }

    /// <summary>[ΣT] penalty of each token; null for none.</summary>
    public double[]? Penalty { get; }

    /// <summary>True when the penalty is subtracted token by token, after the baseline.</summary>
    public bool PenaltyAfterBaseline { get; }

    /// <summary>[ΣT] reward of every token: the batch's own, or R_i on the last token of each response; penalties subtracted.</summary>
    public double[] PerToken()
    {
        var rewards = new double[Layout.Tokens];
        if (Batch.TokenRewards is { } dense) dense.Values.CopyTo(rewards);
        else
            for (var row = 0; row < Layout.Responses; row++)
                if (Layout.Length(row) > 0) rewards[Layout.RowStarts[row + 1] - 1] = Batch.Responses[row].Reward;
        if (Penalty is not null)
            for (var i = 0; i < rewards.Length; i++) rewards[i] -= Penalty[i];
        return rewards;
    }
}
