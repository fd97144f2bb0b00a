using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Any TorchSharp module that maps ids [B, T] to logits [B, T, V], each from the tokens before it alone.</summary>
public sealed class LogitsModel : LanguageModel
{
    private readonly Func<nn.Module<Tensor, Tensor>> _make;
    private readonly nn.Module<Tensor, Tensor> module;
    private readonly int _contextLength,
        _vocabulary;

    /// <summary>A module, wrapped.</summary>
    /// <param name="make">Makes it; called again for every clone.</param>
    /// <param name="vocabulary">Number of token ids V.</param>
    /// <param name="contextLength">Most tokens of a prompt and its response together.</param>
    public LogitsModel(Func<nn.Module<Tensor, Tensor>> make, int vocabulary, int contextLength)
        : base("logits")
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        LibTorch.Require();
        (_make, _vocabulary, _contextLength, module) = (make, vocabulary, contextLength, make());
        RegisterComponents();
    }

    /// <summary>The wrapped module.</summary>
    public nn.Module<Tensor, Tensor> Module => module;

    /// <inheritdoc/>
    public override int ContextLength => _contextLength;

    /// <inheritdoc/>
    public override int? Width => null;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The module returned another shape than [B, T, V], or another type than
    /// floats.</exception>
    public override Tensor Hidden(Tensor tokens, DecodingState? state = null)
    {
        var logits = module.forward(tokens);
        long[] expected = [tokens.size(0), tokens.size(1), _vocabulary];
        if (!logits.shape.SequenceEqual(expected))
            throw new ArgumentException(
                $"The module {module.GetName()} must return logits of shape [B, T, V] = {Shape.Of(expected)} for these tokens, but returned {Shape.Of(logits.shape)}."
            );
        if (logits.dtype != float32)
            throw new ArgumentException(
                $"The module {module.GetName()} must return logits of type Float32, but returned {logits.dtype}."
            );
        return logits;
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor hidden) => hidden;

    /// <inheritdoc/>
    public override LanguageModel NewLike() => new LogitsModel(_make, _vocabulary, _contextLength);
}
