using UniPo.Numerics;

namespace UniPo;

/// <summary>An estimator that gives each response one number, A_i, for all of its tokens.</summary>
public abstract record OutcomeAdvantage : Advantage
{
    /// <summary>
    /// γ: a token that is k tokens before the end gets γ^k·A_i; in [0, 1]. Default 1: all tokens of a response share A_i.
    /// </summary>
    public double Gamma
    {
        get;
        init => field = Require.UnitInterval(value, "OutcomeAdvantage.Gamma");
    } = 1;

    /// <summary>
    /// A_i is held in this interval; null for no limit. OpenRLHF's <c>reward_clip_range</c> acts here, after the baseline.
    /// </summary>
    public Interval? Range { get; init; }

    /// <summary>Brings the A_i of the batch to mean 0 and spread 1, response by response; null to leave them.</summary>
    public ResponseNormalization? Normalize { get; init; }

    /// <summary>Computes A_i from the rewards of the responses.</summary>
    /// <param name="signal">Rewards and the batch they belong to.</param>
    /// <param name="advantages">[B] receives one number a response; NaN for an unscorable one.</param>
    private protected abstract void PerResponse(RewardSignal signal, Span<double> advantages);

    /// <summary>A_i in symbols.</summary>
    /// <param name="reward">The reward's letter.</param>
    private protected virtual Expression? Body(Expression reward) => null;

    /// <summary>The same for another estimator that compares rewards of its own making.</summary>
    internal Expression? BodyFor(Expression reward) => Body(reward);

    /// <inheritdoc/>
    public sealed override Expression Formula(RewardSymbols reward)
    {
        if (Body(reward.Outcome) is not { } body)
            return base.Formula(reward);
        if (Range is { } range)
            body = Expression.Clip(body, range.Low, range.High);
        if (Normalize is { } normalize)
            body = normalize.Formula(
                Expression.Define(new("A", "i", "raw"), body, "advantage of response i before normalisation")
            );
        var penalized = reward.PenaltyAfterBaseline && reward.Penalty is not null;
        if (Gamma == 1 && !penalized && Whiten is null)
            return PerResponse(body);
        var tokens = PerResponse(body);
        if (Gamma < 1)
        {
            var gamma = Expression.Setting(new("γ"), Gamma, "how much less each token further from the end gets");
            tokens = Expression.Power(gamma, Quantities.Length - (Expression)Quantities.Position) * tokens;
        }
        if (penalized)
            tokens -= RewardToGo.ToGo(Over.ThisAndLaterTokens, reward.Penalty!, Gamma, Quantities.PlacesLater);
        return Whitened(tokens);
    }

    /// <summary>[B] the advantage of each response, before it is spread over its tokens.</summary>
    public double[] PerResponse(RolloutBatch batch) => PerResponse(new RewardSignal(batch, Weights, RewardRange, null));

    internal double[] PerResponse(RewardSignal signal)
    {
        var advantages = new double[signal.Layout.Responses];
        PerResponse(signal, advantages);
        for (var row = 0; row < advantages.Length; row++)
        {
            if (Range is { } range)
                advantages[row] = range.Hold(advantages[row]);
            if (double.IsNaN(signal.Outcome[row]))
                advantages[row] = double.NaN;
        }
        Normalize?.Apply(advantages);
        for (var row = 0; row < advantages.Length; row++)
            if (double.IsNaN(advantages[row]))
                advantages[row] = 0; // unscorable: nothing is learnt from it
        return advantages;
    }

    private protected sealed override double[]? Shared(RewardSignal signal) =>
        Gamma == 1 && signal.Penalty is not { AfterBaseline: true } ? PerResponse(signal) : null;

    private protected sealed override (double[], double[]?) PerToken(RewardSignal signal)
    {
        var layout = signal.Layout;
        var perResponse = PerResponse(signal);
        var tokens = GC.AllocateUninitializedArray<double>(layout.Tokens);
        for (var row = 0; row < layout.Responses; row++)
        {
            var share = perResponse[row];
            var (first, end) = (layout.RowStarts[row], layout.RowStarts[row + 1]);
            tokens.AsSpan(first, end - first).Fill(share);
            if (Gamma < 1)
                Discount(layout, tokens, first, end);
        }
        if (signal.Penalty is { AfterBaseline: true } penalty)
            SubtractPenaltyToGo(layout, penalty, tokens);
        return (tokens, null);
    }

    private void Discount(TokenLayout layout, double[] tokens, int first, int end)
    {
        var factor = 1.0;
        for (var i = end - 1; i >= first; i--)
        {
            tokens[i] *= factor;
            if (layout.IsActive(i))
                factor *= Gamma;
        }
    }

    // A token is responsible for its own penalty and for the penalties that follow it, not for earlier ones.
    private void SubtractPenaltyToGo(TokenLayout layout, TokenPenalty penalty, double[] tokens)
    {
        for (var row = 0; row < layout.Responses; row++)
        {
            var toGo = 0.0;
            for (var i = layout.RowStarts[row + 1] - 1; i >= layout.RowStarts[row]; i--)
            {
                toGo = penalty.Of(i) + Gamma * toGo;
                tokens[i] -= toGo;
            }
        }
    }
}
