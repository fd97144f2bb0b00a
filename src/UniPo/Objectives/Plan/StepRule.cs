using UniPo.Numerics;

namespace UniPo;

/// <summary>How a gradient becomes a change of the parameters; the trainer carries it out.</summary>
public abstract record StepRule
{
    /// <summary>AdamW with a clipped gradient norm, as all trainers of language models use it.</summary>
    public static GradientStep Gradient { get; } = new();

    /// <summary>The condition it puts on a step, in symbols; null for none.</summary>
    internal virtual FormulaLine? Formula() => null;
}

/// <summary>One optimiser step along the gradient (AdamW; its settings are the trainer's).</summary>
public sealed record GradientStep : StepRule
{
    /// <inheritdoc/>
    public override string ToString() => "one optimiser step along the gradient";
}

/// <summary>TRPO's step: as far along the natural gradient as the mean KL to the old policy allows.</summary>
/// <remarks>
/// Schulman et al. 2015, "Trust region policy optimization", appendix C: solve (H + damping·I) x = g by conjugate gradients,
/// scale x to sqrt(2δ / xᵀHx), then halve (multiply by <see cref="BacktrackFactor"/>) until KL ≤ δ and the objective did not
/// fall. Default numbers are Spinning Up's.
/// </remarks>
public sealed record TrustRegionStep : StepRule
{
    /// <summary>Largest mean KL(π_old ‖ π_θ) of one step, δ, in nats; above 0. Default 0.01.</summary>
    public double Delta
    {
        get;
        init => field = Require.Positive(value, "TrustRegionStep.Delta");
    } = 0.01;

    /// <summary>Multiple of the identity added to the Fisher matrix; at least 0. Default 0.1.</summary>
    public double Damping
    {
        get;
        init => field = Require.NotNegative(value, "TrustRegionStep.Damping");
    } = 0.1;

    /// <summary>Iterations of the conjugate-gradient solver; at least 1. Default 10.</summary>
    public int ConjugateGradientIterations
    {
        get;
        init => field = Require.AtLeast(value, 1, "TrustRegionStep.ConjugateGradientIterations");
    } = 10;

    /// <summary>Largest number of shorter steps tried; at least 0. Default 10.</summary>
    public int Backtracks
    {
        get;
        init => field = Require.AtLeast(value, 0, "TrustRegionStep.Backtracks");
    } = 10;

    /// <summary>Each try is this much shorter than the one before; in (0, 1). Default 0.8.</summary>
    public double BacktrackFactor
    {
        get;
        init => field = Require.That(value, value is > 0 and < 1, "TrustRegionStep.BacktrackFactor", "lie in (0, 1)");
    } = 0.8;

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"along the natural gradient, as far as mean KL(old ‖ new) ≤ {Delta} nats allows");

    internal override FormulaLine Formula()
    {
        var distance = Expression.Mean(Over.AllTokens, new NamedNode("KL", [Quantities.OldPolicy, Quantities.Policy]));
        return new FormulaLine(
            (RelationNode)
                Expression.Relation(distance, "≤", Expression.Setting("δ", Delta, "largest mean KL of one step, in nats")),
            "how far one step may move the policy"
        );
    }
}
