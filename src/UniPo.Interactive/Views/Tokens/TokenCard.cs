namespace UniPo.Interactive;

/// <summary>Why a token has its weight: the objective's own formula with the token's numbers in it, step by step.</summary>
public sealed record TokenCard : View
{
    /// <summary>The card of an explanation.</summary>
    public TokenCard(TokenExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        Explanation = explanation;
    }

    /// <summary>The steps from ratio to weight.</summary>
    public TokenExplanation Explanation { get; }

    private protected override string Element => "token-card";

    private protected override string[] StyleSections => ["card", "why"];

    private protected override IEnumerable<Block> Blocks() =>
        [new Picture(html => TokenCardHtml.Write(Explanation, html), page => TokenCardText.Write(Explanation, page))];
}
