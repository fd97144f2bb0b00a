namespace UniPo;

/// <summary>One exchangeable part of an objective, for cards and comparisons.</summary>
/// <param name="Name">Its name: <c>advantage</c>, <c>ratio</c>, <c>trust region</c>, <c>aggregation</c>, <c>KL</c> …</param>
/// <param name="Question">The question it answers.</param>
/// <param name="InWords">Its answer in one line of words, settings included.</param>
public sealed record ObjectivePart(string Name, string Question, string InWords)
{
    /// <summary>Its share of the formula; null for a part that is only said in words.</summary>
    public FormulaLine? Line { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {InWords}";
}
