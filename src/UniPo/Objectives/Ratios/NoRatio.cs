namespace UniPo;

/// <summary>
/// No importance ratio: each token's term is A·log π, so its gradient is A·∇log π whatever the policy was at sampling.
/// </summary>
/// <remarks>
/// Exact on fresh responses; biased when they are used again. verl <c>gpg</c> and <c>reinforce</c>, oat <c>reinforce_update</c>.
/// </remarks>
public sealed record NoRatio : Ratio
{
    /// <inheritdoc/>
    public override string InWords => "none: responses are fresh";

    /// <inheritdoc/>
    public override Expression? Formula(Expression logRatio) => null;
}
