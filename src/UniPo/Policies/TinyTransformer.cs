using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// A decoder-only language model in the style of Llama, small enough to learn in seconds: RMSNorm, rotary positions, SwiGLU, no
/// biases.
/// </summary>
/// <remarks>
/// Parameters carry the names of the Hugging Face Llama layout. The computation is in <c>float</c>; log-probabilities are given
/// in <c>double</c>.
/// Results do not depend on <see cref="Compute"/>, to the last bit. One instance serves one thread at a time; <see cref="Clone"/>
/// for more.
/// </remarks>
public sealed partial class TinyTransformer : ITrainablePolicy
{
    private readonly TransformerParts _parts;
    private readonly TransformerPass _recorded,
        _scored;
    private TransformerDecoding _decoding;
    private ForwardPass _pass;

    private TinyTransformer(TinyTransformerConfig config, Vocabulary vocabulary, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(vocabulary);
        Config = config.Validated();
        Vocabulary = vocabulary;
        _parts = new TransformerParts(config, vocabulary.Count, compute);
        (_recorded, _scored, _decoding) = (new(_parts, recording: true), new(_parts, recording: false), new(_parts));
        _pass = new ForwardPass(_recorded);
    }

    /// <summary>The model's shape.</summary>
    public TinyTransformerConfig Config { get; }

    /// <inheritdoc/>
    public string Name => "tiny transformer";

    /// <summary>The symbols it reads and writes.</summary>
    public Vocabulary Vocabulary { get; }

    ITokenizer IPolicy.Tokenizer => Vocabulary;

    /// <inheritdoc/>
    public ParameterSet Parameters => _parts.Parameters;

    /// <inheritdoc/>
    public bool HasValueHead => Config.ValueHead;

    /// <summary>Threads and vectors it computes with. Changes speed, never results.</summary>
    public Compute Compute
    {
        get => _parts.Compute;
        set => _parts.Compute = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <inheritdoc/>
    public void UseThreads(int threads) => Compute = new Compute(threads);

    /// <summary>A new model with random weights.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="vocabulary">The symbols it reads and writes.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <remarks>
    /// Weights are normal with standard deviation 0.02; the two projections that write into the residual stream are smaller by
    /// 1/√(2·layers), so that depth does not make the stream grow (Radford et al. 2019). Gains are 1, a value head starts at 0.
    /// </remarks>
    /// <exception cref="ArgumentException">The configuration's parts do not fit each other.</exception>
    public static TinyTransformer Create(TinyTransformerConfig config, Vocabulary vocabulary, ulong seed)
    {
        var policy = new TinyTransformer(config, vocabulary, Compute.Shared);
        var random = new SeededRandom(seed);
        foreach (var tensor in policy.Parameters.Tensors)
        {
            var values = policy.Parameters[tensor];
            if (tensor.Shape.Count == 1)
                values.Fill(1);
            else if (tensor.Name != "value_head.weight")
            {
                var writesToStream =
                    tensor.Name.EndsWith("o_proj.weight", StringComparison.Ordinal)
                    || tensor.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
                var deviation = writesToStream ? 0.02 / Math.Sqrt(2 * config.Layers) : 0.02;
                foreach (ref var value in values)
                    value = (float)(deviation * random.NextGaussian());
            }
        }
        return policy;
    }

    /// <summary>An independent copy with the same weights, and the same <see cref="Compute"/>.</summary>
    public TinyTransformer Clone()
    {
        var copy = new TinyTransformer(Config, Vocabulary, Compute);
        Parameters.Values.CopyTo(copy.Parameters.Values, 0);
        return copy;
    }

    ITrainablePolicy ITrainablePolicy.Clone() => Clone();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No prompt, an unknown token id, or a prompt and response longer than the
    /// context.</exception>
    public IDecoding Begin(IReadOnlyList<int[]> prompts, int group, int maxTokens)
    {
        if (!_decoding.IsFree)
            _decoding = new TransformerDecoding(_parts);
        _decoding.Start(prompts, group, maxTokens);
        return _decoding;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An unknown token id, a sequence longer than the context, a span of the wrong length,
    /// or values of a policy without a value head.</exception>
    public void Score(
        TokenSequences sequences,
        double temperature,
        Span<double> logProbs,
        Span<double> entropies = default,
        Span<double> values = default
    )
    {
        if (!values.IsEmpty && !HasValueHead)
            throw new ArgumentException("Values were asked for, but this policy has no value head; see WithValueHead.");
        _scored.Run(sequences, temperature);
        Deliver(_scored.LogProbs, logProbs, nameof(logProbs));
        if (!entropies.IsEmpty)
            Deliver(_scored.Entropies, entropies, nameof(entropies));
        if (!values.IsEmpty)
            Deliver(_scored.Values, values, nameof(values));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An unknown token id, or a sequence longer than the context.</exception>
    public IForwardPass Forward(TokenSequences sequences, double temperature)
    {
        _recorded.Run(sequences, temperature);
        _pass = _pass.IsFree ? _pass : new ForwardPass(_recorded);
        return _pass.Open();
    }

    private static void Deliver(ReadOnlySpan<double> numbers, Span<double> target, string name)
    {
        if (target.Length != numbers.Length)
            throw new ArgumentException($"There are {numbers.Length} tokens, but {name} has room for {target.Length}.", name);
        numbers.CopyTo(target);
    }
}
