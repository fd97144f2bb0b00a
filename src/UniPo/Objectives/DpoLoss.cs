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
            $"−log σ of β times the margin, β = {Beta}{(LabelSmoothing > 0 ? $", label smoothing {LabelSmoothing}" : "")}"
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
    public override PairTerm At(double chosen, double rejected)
    {
        var (a, slopeA) = Score(chosen);
        var (b, slopeB) = Score(rejected);
        var x = Beta * (a - b);
        var loss = -(1 - LabelSmoothing) * LogSigmoid(x) - LabelSmoothing * LogSigmoid(-x);
        var slope = Beta * (LabelSmoothing * Sigmoid(x) - (1 - LabelSmoothing) * Sigmoid(-x));
        return new PairTerm(loss, slope * slopeA, -slope * slopeB);
    }

    private (double Value, double Slope) Score(double x) =>
        Divergence switch
        {
            RewardDivergence.ForwardKl => (-Math.Exp(-Math.Max(x, -Ratio.Limit)), x < -Ratio.Limit ? 0 : Math.Exp(-x)),
            RewardDivergence.JensenShannon => (LogSigmoid(x), Sigmoid(-x)),
            _ => (x, 1),
        };

    /// <inheritdoc/>
    public override Expression Formula(Expression chosen, Expression rejected)
    {
        Expression Score(Expression x) =>
            Divergence switch
            {
                RewardDivergence.ForwardKl => -Expression.Exp(-x),
                RewardDivergence.JensenShannon => Expression.LogSigmoid(x),
                _ => x,
            };
        var x = BetaSymbol * Margin(Score(chosen), Score(rejected));
        if (LabelSmoothing == 0)
            return -Expression.LogSigmoid(x);
        var smoothing = Expression.Setting(new("s"), LabelSmoothing, "share of labels taken to be wrong");
        return -(1 - smoothing) * Expression.LogSigmoid(x) - smoothing * Expression.LogSigmoid(-x);
    }

    internal override string Outcome(double chosen, double rejected)
    {
        // dL/dh = −β·((1 − s) − σ(β·h)): what is missing to the labels' own certainty.
        var (prefers, trusted) = (Sigmoid(Beta * (Score(chosen).Value - Score(rejected).Value)), 1 - LabelSmoothing);
        var (p, t, missing) = (
            NumberText.Rounded(prefers),
            NumberText.Rounded(trusted),
            NumberText.Rounded(Math.Abs(trusted - prefers))
        );
        return trusted >= prefers
            ? $"By how it moved, the policy prefers the chosen response with probability {p}. What is missing to {t}, {missing}, times β is the strength of the push."
            : $"By how it moved, the policy prefers the chosen response with probability {p}, more than the {t} by which the label is trusted: the pair is pushed back, by {missing} times β.";
    }
}
