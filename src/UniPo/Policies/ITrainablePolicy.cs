namespace UniPo;

/// <summary>A policy whose parameters can be moved along Σ w ∇log π.</summary>
/// <remarks>
/// Five members suffice for a small one: <see cref="Parameters"/>, <see cref="HasValueHead"/>, <see cref="Clone"/>,
/// <see cref="Forward"/>, and those of <see cref="IPolicy"/>. The others have defaults.
/// </remarks>
public interface ITrainablePolicy : IPolicy, IDisposable
{
    /// <summary>Parameters and their gradient.</summary>
    ParameterSet Parameters { get; }

    /// <summary>True when it also estimates the value V of every response position (PPO's critic).</summary>
    bool HasValueHead { get; }

    /// <summary>True when <see cref="WithValueHead"/> can give a policy with a critic.</summary>
    bool CanHaveValueHead => HasValueHead;

    /// <summary>An independent copy, for instance the frozen reference of a KL penalty.</summary>
    ITrainablePolicy Clone();

    /// <summary>An independent copy that also estimates values, as PPO's critic needs.</summary>
    /// <exception cref="NotSupportedException">It cannot: see <see cref="CanHaveValueHead"/>.</exception>
    ITrainablePolicy WithValueHead() =>
        HasValueHead
            ? Clone()
            : throw new NotSupportedException($"The policy '{Name}' has no value head and cannot be given one.");

    /// <summary>True for a tensor that only the value estimate uses: TRPO fits the critic beside the policy.</summary>
    bool IsCritic(ParameterTensor tensor) => false;

    /// <summary>Computes on this many threads from now on; results must not depend on it. The default takes no notice.</summary>
    /// <param name="threads">At least 1, the calling one included.</param>
    void UseThreads(int threads) { }

    /// <summary>Log-probabilities of given responses, keeping what a backward pass needs.</summary>
    /// <param name="sequences">Prompts and responses.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    IForwardPass Forward(TokenSequences sequences, double temperature);

    /// <summary>Puts its state into a checkpoint that may hold more. The default adds every tensor under its name.</summary>
    /// <param name="file">Receives tensors and metadata; names that begin with "optimizer." and "run." are taken.</param>
    void AddTo(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        foreach (var tensor in Parameters.Tensors)
            file.Add(tensor.Name, tensor.Shape, Parameters[tensor]);
    }

    /// <summary>Takes its state back from a checkpoint. Nothing may be changed when the file does not fit.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, has another shape, or is not finite.</exception>
    void ReadFrom(SafetensorsFile file) => Parameters.ReadFrom(file);

    /// <summary>Releases what lies outside of managed memory. By default there is nothing to release.</summary>
    void IDisposable.Dispose() { }
}
