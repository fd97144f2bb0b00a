namespace UniPo;

/// <summary>No bound: each token's term is r·A, or A·log π when there is no ratio.</summary>
/// <remarks>Importance-sampled policy gradient; SkyRL <c>importance_sampling</c>, verl <c>gpg</c>.</remarks>
public sealed record NoTrustRegion : TrustRegion
{
    /// <inheritdoc/>
    public override TokenTerm At(in TokenState token)
    {
        var value = token.Ratio * token.Advantage;
        return new TokenTerm(value, value); // dr/d(log r) = r, so value and slope are the same number
    }

    /// <inheritdoc/>
    public override string InWords => "none";

    internal override void Apply(in TokenSpans tokens, Span<double> values, Span<double> slopes, Span<ClipSide> sides) =>
        ApplyFreely(tokens, values, slopes);

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) => token.Ratio * token.Advantage;

    internal override string Outcome(in TokenState token, in TokenTerm term) =>
        "Nothing bounds the term: its gradient always flows.";
}
