namespace UniPo.Torch;

/// <summary>The shape of a decoder in the style of Llama: Llama 2 and 3, Qwen2, Qwen2.5, Qwen3, and UniPo's tiny transformer.</summary>
public sealed record LlamaConfig
{
    /// <summary>Number of blocks, at least 1.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; a divisor of <see cref="Heads"/> (grouped-query attention when smaller).</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head, even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Width of the gated unit (SwiGLU).</summary>
    public required int Hidden { get; init; }

    /// <summary>Number of token ids V, rows of padding included.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Most tokens of a prompt and its response together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>True when the output layer is the embedding itself.</summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>True when queries, keys and values have biases (Qwen2).</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>True when the output projection of attention has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>True when the gated unit's projections have biases.</summary>
    public bool GatedBias { get; init; }

    /// <summary>True when queries and keys of each head are normalized before they are rotated (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>How the rotary frequencies are stretched; null for not at all.</summary>
    public RopeScaling? Scaling { get; init; }

    /// <summary>Added to the mean square before its root.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>The shape of one of UniPo's own models.</summary>
    public static LlamaConfig Of(TinyTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var own = model.Config;
        return new LlamaConfig
        {
            Layers = own.Layers,
            Width = own.Width,
            Heads = own.Heads,
            KeyValueHeads = own.Heads,
            HeadSize = own.Width / own.Heads,
            Hidden = own.Hidden,
            Vocabulary = model.Vocabulary.Count,
            ContextLength = own.ContextLength,
            TieEmbeddings = own.TieEmbeddings,
            RopeTheta = own.RopeTheta,
            NormEpsilon = own.NormEpsilon,
        };
    }

    /// <summary>[HeadSize / 2] angle per position of each pair of a head's elements, in radians.</summary>
    public double[] Frequencies()
    {
        var frequencies = new double[HeadSize / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var plain = Math.Pow(RopeTheta, -2.0 * i / HeadSize);
            frequencies[i] = Scaling?.Apply(plain) ?? plain;
        }
        return frequencies;
    }

    /// <summary>This configuration, if its parts fit each other.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the property and its value.</exception>
    public LlamaConfig Validated()
    {
        foreach (
            var (name, value) in new[]
            {
                (nameof(Layers), Layers),
                (nameof(Width), Width),
                (nameof(Heads), Heads),
                (nameof(KeyValueHeads), KeyValueHeads),
                (nameof(HeadSize), HeadSize),
                (nameof(Hidden), Hidden),
                (nameof(Vocabulary), Vocabulary),
                (nameof(ContextLength), ContextLength),
            }
        )
            if (value < 1)
                throw new ArgumentException($"{name} must be at least 1, but is {value}.");
        if (HeadSize % 2 != 0)
            throw new ArgumentException($"{nameof(HeadSize)} must be even, since positions rotate pairs, but is {HeadSize}.");
        if (Heads % KeyValueHeads != 0)
            throw new ArgumentException(
                $"{nameof(KeyValueHeads)} must divide {nameof(Heads)} = {Heads}, since groups of queries share one, but is {KeyValueHeads}."
            );
        return this;
    }
}
