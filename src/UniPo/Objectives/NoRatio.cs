namespace UniPo;

/// <summary>
/// No importance ratio: each token's term is A·log π, so its gradient is A·∇log π whatever the policy was at sampling.
/// </summary>
/// <remarks>
/// Exact on fresh responses; biased when they are used again. verl <c>gpg</c> and <c>reinforce</c>, oat <c>reinforce_update</c>.
/// </remarks>
public sealed record NoRatio : Ratio
{
    internal override void Pool(int count, Span<double> log) => log.Clear();

    internal override void Spread(int count, ReadOnlySpan<double> ratio, Span<double> slope) { }

    /// <inheritdoc/>
    public override string InWords => "none: responses are fresh";

    internal override Expression? Formula(Expression logRatio) => null;
}
