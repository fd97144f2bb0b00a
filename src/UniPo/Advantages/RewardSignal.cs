using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// The rewards an estimator works on: those of the task, held in range, and a penalty per token when KL is part of the reward.
/// </summary>
internal sealed class RewardSignal
{
    public RewardSignal(RolloutBatch batch, RewardWeights? weights, Interval? range, TokenPenalty? penalty)
    {
        Batch = batch;
        Penalty = penalty;
        Raw = new double[batch.Layout.Responses];
        for (var row = 0; row < Raw.Length; row++)
        {
            var response = batch.Responses[row];
            var reward = weights is null ? response.Reward : weights.Sum(response.RewardParts);
            if (!double.IsFinite(reward) && !(weights is not null && double.IsNaN(reward)))
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"The reward of response {row} must be a finite number, but was {reward}. Score the response, or leave it out."
                    )
                );
            Raw[row] = range is { } r && !double.IsNaN(reward) ? r.Hold(reward) : reward;
        }
        Outcome = [.. Raw];
        if (penalty is null or { AfterBaseline: true })
            return;
        for (var row = 0; row < Outcome.Length; row++)
            Outcome[row] -= penalty.Coefficient * Masked.Sum(penalty.Column.Row(row));
    }

    private RewardSignal(RewardSignal other, double[] outcome)
    {
        Batch = other.Batch;
        Penalty = other.Penalty;
        (Raw, Outcome) = (outcome, outcome);
    }

    /// <summary>The same responses with other rewards.</summary>
    /// <param name="outcome">[B] one reward a response.</param>
    public RewardSignal With(double[] outcome) => new(this, outcome);

    public RolloutBatch Batch { get; }

    public TokenLayout Layout => Batch.Layout;

    /// <summary>[B] reward of each response as the task gave it; NaN when unscorable.</summary>
    public double[] Raw { get; }

    /// <summary>[B] reward of each response minus the sum of its penalty, unless that is subtracted after the baseline.</summary>
    public double[] Outcome { get; }

    /// <summary>What each token pays; null for nothing.</summary>
    public TokenPenalty? Penalty { get; }

    /// <summary>
    /// [ΣT] reward of every token: the batch's own, or R_i on the last token of each response; penalties subtracted.
    /// </summary>
    public double[] PerToken()
    {
        var rewards = new double[Layout.Tokens];
        if (Batch.TokenRewards is { } dense)
            dense.Values.CopyTo(rewards);
        else
            for (var row = 0; row < Layout.Responses; row++)
                if (LastToken(row) is var last and >= 0)
                    rewards[last] = Raw[row];
        if (Penalty is not null)
            DoubleKernels.AddScaled(rewards, -Penalty.Coefficient, Penalty.Column.Values);
        return rewards;
    }

    /// <summary>Index of a response's last active token, which carries its reward; −1 when it has none.</summary>
    public int LastToken(int row)
    {
        for (var i = Layout.RowStarts[row + 1] - 1; i >= Layout.RowStarts[row]; i--)
            if (Layout.IsActive(i))
                return i;
        return -1;
    }
}
