namespace UniPo;

/// <summary>An estimator that gives each response one number, A_i, which all of its tokens share.</summary>
public abstract record OutcomeAdvantage : Advantage
{
    /// <summary>Computes A_i from the rewards of the responses.</summary>
    /// <param name="signal">Rewards and the batch they belong to.</param>
    /// <param name="advantages">[B] receives one number a response.</param>
    private protected abstract void PerResponse(RewardSignal signal, Span<double> advantages);

    /// <summary>A_i in symbols.</summary>
    /// <param name="reward">The reward's letter.</param>
    private protected virtual Expression? Body(Expression reward) => null;

    /// <inheritdoc/>
    public sealed override Expression Formula(RewardSymbols reward)
    {
        if (Body(reward.Outcome) is not { } body) return base.Formula(reward);
        return reward.Penalty is { } penalty ? PerToken(PerResponse(body) - Expression.Sum(Over.ThisAndLaterTokens, penalty)) : PerResponse(body);
    }

    /// <summary>[B] the advantage of each response, before it is spread over its tokens.</summary>
    public double[] PerResponse(RolloutBatch batch)
    {
        var advantages = new double[batch.Layout.Responses];
        PerResponse(new RewardSignal(batch), advantages);
        return advantages;
    }

    /// <inheritdoc/>
    public sealed override AdvantageEstimate Estimate(RewardSignal signal)
    {
        var layout = signal.Layout;
        Span<double> perResponse = new double[layout.Responses];
        PerResponse(signal, perResponse);
        var tokens = GC.AllocateUninitializedArray<double>(layout.Tokens);
        for (var row = 0; row < layout.Responses; row++)
            tokens.AsSpan(layout.RowStarts[row], layout.Length(row)).Fill(perResponse[row]);
        if (signal.PenaltyAfterBaseline) SubtractPenaltyToGo(signal, tokens);
        Masked.Clear(layout, tokens);
        return new AdvantageEstimate(new TokenColumn(layout, tokens));
    }

    // A token is responsible for its own penalty and for the penalties that follow it, not for earlier ones.
    private static void SubtractPenaltyToGo(RewardSignal signal, double[] tokens)
    {
        var layout = signal.Layout;
        for (var row = 0; row < layout.Responses; row++)
        {
            var toGo = 0.0;
            for (var i = layout.RowStarts[row + 1] - 1; i >= layout.RowStarts[row]; i--)
            {
                toGo += signal.Penalty![i];
                tokens[i] -= toGo;
            }
        }
    }
}
