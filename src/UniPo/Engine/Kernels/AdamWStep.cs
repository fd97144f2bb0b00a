namespace UniPo.Engine;

/// <summary>The numbers of one AdamW step that are the same for all parameters.</summary>
/// <param name="GradientScale">Multiplies the gradient first (clipping).</param>
/// <param name="Beta1">Memory of the mean.</param>
/// <param name="Beta2">Memory of the mean square.</param>
/// <param name="Rate">Learning rate divided by 1 − β₁ᵗ.</param>
/// <param name="InverseRootOfCorrection2">1 / √(1 − β₂ᵗ).</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Decay">1 − learning rate · weight decay; multiplies the parameters.</param>
internal readonly record struct AdamWStep(
    float GradientScale,
    float Beta1,
    float Beta2,
    float Rate,
    float InverseRootOfCorrection2,
    float Epsilon,
    float Decay
);
