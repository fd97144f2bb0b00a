namespace UniPo;

/// <summary>No bound: each token's term is r·A, or A·log π when there is no ratio.</summary>
/// <remarks>Importance-sampled policy gradient; SkyRL <c>importance_sampling</c>, verl <c>gpg</c>.</remarks>
public sealed record NoTrustRegion : TrustRegion
{
    /// <inheritdoc/>
    public override string InWords => "none";

    /// <inheritdoc/>
    public override Expression Formula(TokenSymbols token) => token.Ratio * token.Advantage;

    /// <inheritdoc/>
    public override IEnumerable<Sentence> Sentences(TokenSymbols token) =>
        [Sentence.Otherwise($"Nothing bounds the term: its gradient always flows.")];
}
