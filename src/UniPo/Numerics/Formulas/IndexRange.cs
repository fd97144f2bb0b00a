namespace UniPo;

/// <summary>What a sum or a mean runs over.</summary>
/// <param name="letter">The index that moves: <c>i</c> for responses, <c>t</c> for tokens; anything else renames nothing.</param>
/// <param name="name">What that index is called inside; empty to leave it away, as in mean_g(R).</param>
/// <param name="below">Written under the operator: <c>i</c>, <c>j≠i</c>, <c>g</c>.</param>
public sealed class IndexRange(char letter, string name, string below)
{
    /// <summary>The index that moves: <c>i</c> for responses, <c>t</c> for tokens; anything else renames nothing.</summary>
    public char Letter { get; } = letter;

    /// <summary>What that index is called inside; empty to leave it away, as in mean_g(R).</summary>
    public string Name { get; } = name;

    /// <summary>Written under the operator: <c>i</c>, <c>j≠i</c>, <c>g</c>.</summary>
    public string Below { get; } = below;

    /// <summary>First value of the index, for instance <c>1</c>; empty where <see cref="Below"/> says it all.</summary>
    public string From { get; init; } = "";

    /// <summary>Last value of the index; null where <see cref="Below"/> says it all.</summary>
    public Symbol? To { get; init; }
}
