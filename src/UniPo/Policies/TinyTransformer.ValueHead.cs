namespace UniPo;

public sealed partial class TinyTransformer
{
    /// <summary>
    /// A copy that also estimates the value of every position, as PPO's critic needs; the estimate starts at 0 everywhere.
    /// </summary>
    public TinyTransformer WithValueHead()
    {
        if (HasValueHead)
            return Clone();
        var copy = new TinyTransformer(Config with { ValueHead = true }, Vocabulary, Compute);
        foreach (var tensor in Parameters.Tensors)
            Parameters[tensor].CopyTo(copy.Parameters[copy.Parameters.Find(tensor.Name)]);
        return copy;
    }

    bool ITrainablePolicy.CanHaveValueHead => true;

    ITrainablePolicy ITrainablePolicy.WithValueHead() => WithValueHead();

    /// <inheritdoc/>
    public bool IsCritic(ParameterTensor tensor) => tensor == _parts.Tensors.ValueHead;
}
