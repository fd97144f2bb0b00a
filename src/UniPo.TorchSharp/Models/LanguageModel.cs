using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>A causal language model in TorchSharp: token ids to hidden states, hidden states to logits.</summary>
/// <remarks>
/// Where a module only gives logits, <see cref="LogitsModel"/> wraps it. Derive from this class for what pays off: a cache of
/// keys and values (<see cref="NewState"/>), and a value head on the hidden states.
/// </remarks>
public abstract class LanguageModel(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Most tokens of a prompt and its response together.</summary>
    public abstract int ContextLength { get; }

    /// <summary>Width d of the hidden states, on which a value head is built; null when they are not accessible.</summary>
    public abstract int? Width { get; }

    /// <summary>[B, T, d] hidden states before the output layer.</summary>
    /// <param name="tokens">[B, T] ids. Padding stands on the right and attention is causal, so nothing looks at it.</param>
    /// <param name="state">What earlier calls left behind while decoding; null for whole sequences from their start.</param>
    public abstract Tensor Hidden(Tensor tokens, DecodingState? state = null);

    /// <summary>[…, V] logits of hidden states [..., d].</summary>
    public abstract Tensor Logits(Tensor hidden);

    /// <summary>Room for keys and values while decoding; null for a model without such a cache, whose prefix is then computed
    /// anew for every token.</summary>
    /// <param name="rows">Sequences side by side.</param>
    /// <param name="length">Most tokens of a sequence.</param>
    public virtual DecodingState? NewState(long rows, int length) => null;

    /// <summary>An independent model of the same shape. Its weights are overwritten by the caller.</summary>
    public abstract LanguageModel NewLike();

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor tokens) => Logits(Hidden(tokens));
}
