using UniPo.Numerics;

namespace UniPo;

/// <summary>What a reward function sees of a response.</summary>
/// <param name="Text">The response without its closing symbol. Padding that a model wrote stays visible, so that it cannot pass
/// for a right answer.</param>
/// <param name="Tokens">Length in tokens, the closing symbol included.</param>
/// <param name="Truncated">True when the length limit cut the response off before its closing symbol.</param>
public readonly record struct Completion(string Text, int Tokens, bool Truncated)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(Completion), PrintMembers);
}
