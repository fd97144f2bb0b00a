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

    /// <summary>Σ over this range.</summary>
    public Expression Sum(Expression body) => Expression.Sum(this, body);

    /// <summary>Arithmetic mean over this range; 0 over nothing.</summary>
    public Expression Mean(Expression body) => Expression.Mean(this, body);

    /// <summary>Standard deviation over this range; 0 over nothing.</summary>
    /// <param name="body">Of what.</param>
    /// <param name="ddof">Subtracted from the count in the divisor of the variance: 1 for a sample's, 0 for a population's.</param>
    public Expression Std(Expression body, int ddof = 1) => Expression.Std(this, body, ddof);

    /// <summary>The middle value over this range; 0 over nothing.</summary>
    public Expression Median(Expression body) => Expression.Median(this, body);

    /// <summary>The largest value over this range.</summary>
    public Expression Largest(Expression body) => Expression.Largest(this, body);

    /// <summary>How many elements of this range fulfil a relation: <c>Over.Group.Count(r > 0)</c>.</summary>
    public Expression Count(Expression relation) => Expression.Count(this, relation);
}
