namespace UniPo;

/// <summary>Two responses to one prompt, one of which is preferred.</summary>
/// <param name="Chosen">Index of the preferred response in the batch.</param>
/// <param name="Rejected">Index of the other one.</param>
public readonly record struct ResponsePair(int Chosen, int Rejected)
{
    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(ResponsePair), PrintMembers);
}
