using UniPo.Numerics;

namespace UniPo;

/// <summary>Which divergence from the reference DPO's reward stands for.</summary>
public enum RewardDivergence
{
    /// <summary>KL(π_θ ‖ π_ref): the score of a response is its log-ratio x.</summary>
    ReverseKl,

    /// <summary>KL(π_ref ‖ π_θ): the score is −e^(−x).</summary>
    ForwardKl,

    /// <summary>Jensen-Shannon: the score is log σ(x), up to a constant.</summary>
    JensenShannon,
}

/// <summary>DPO: −(1 − s)·log σ(β·h) − s·log σ(−β·h) with the margin h = score(a) − score(b), usually a − b.</summary>
/// <remarks>
/// Rafailov et al. 2023, "Direct preference optimization", equation 7; label smoothing s: Mitchell 2023, "A note on DPO with
/// noisy preferences". The KL-constrained optimum is reached without a reward model: β·log π_θ/π_ref is the reward.
/// </remarks>
public sealed record DpoLoss : PreferenceLoss
{
    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"−log σ of β times the margin, β = {Beta}{(LabelSmoothing > 0 ? FormattableString.Invariant($", label smoothing {LabelSmoothing}") : "")}"
        ) + Measured;

    /// <summary>s: the share of labels taken to be wrong; in [0, 0.5). Default 0.</summary>
    public double LabelSmoothing
    {
        get;
        init => field = Require.That(value, value is >= 0 and < 0.5, "DpoLoss.LabelSmoothing", "lie in [0, 0.5)");
    }

    /// <summary>What the score of a response is. Default: its log-ratio. Others: Wang et al. 2023, "Beyond reverse KL".</summary>
    public RewardDivergence Divergence { get; init; }

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        var x = BetaSymbol * Margin(Score(chosen), Score(rejected));
        if (LabelSmoothing == 0)
            return -Expression.LogSigmoid(x);
        var smoothing = SmoothingSymbol;
        return -(1 - smoothing) * Expression.LogSigmoid(x) - smoothing * Expression.LogSigmoid(-x);
    }

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(Expression chosen, Expression rejected)
    {
        // dL/dh = −β·((1 − s) − σ(β·h)): what is missing to the labels' own certainty.
        var prefers = Expression.Sigmoid(BetaSymbol * (Score(chosen) - Score(rejected)));
        var trusted = LabelSmoothing == 0 ? 1 : 1 - SmoothingSymbol;
        return
        [
            Sentence.If(
                prefers <= trusted,
                $"By how it moved, the policy prefers the chosen response with probability {prefers}. What is missing to {trusted}, {trusted - prefers}, times β is the strength of the push."
            ),
            Sentence.Otherwise(
                $"By how it moved, the policy prefers the chosen response with probability {prefers}, more than the {trusted} by which the label is trusted: the pair is pushed back, by {prefers - trusted} times β."
            ),
        ];
    }

    private Expression SmoothingSymbol => Expression.Setting("s", LabelSmoothing, "share of labels taken to be wrong");

    private Expression Score(Expression x) =>
        Divergence switch
        {
            RewardDivergence.ForwardKl => -Expression.Exp(-Expression.Guard(x, -Ratio.Limit, Ratio.Limit)),
            RewardDivergence.JensenShannon => Expression.LogSigmoid(x),
            _ => x,
        };
}
