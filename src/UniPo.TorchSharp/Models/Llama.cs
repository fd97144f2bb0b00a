using TorchSharp;
using TorchSharp.Modules;
using UniPo.Numerics;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>
/// A decoder in the style of Llama, in TorchSharp: RMSNorm, rotary positions, grouped queries, SwiGLU. See
/// <see cref="LlamaConfig"/> for the models it covers.
/// </summary>
/// <remarks>Parameters carry the names of the Hugging Face layout, for instance
/// <c>model.layers.0.self_attn.q_proj.weight</c>.</remarks>
public sealed class Llama : LanguageModel
{
    private readonly Stack model;
    private readonly Projection? lm_head;
    private readonly RotaryPositions _rotary;

    /// <summary>A model whose weights are not set yet.</summary>
    internal Llama(LlamaConfig config)
        : base("llama")
    {
        LibTorch.Require();
        Config = config.Validated();
        _rotary = new RotaryPositions(config);
        model = new Stack(config);
        lm_head = config.TieEmbeddings ? null : new Projection(config.Width, config.Vocabulary, hasBias: false);
        RegisterComponents();
    }

    /// <summary>The model's shape.</summary>
    public LlamaConfig Config { get; }

    /// <summary>Its adapters; null when it has none.</summary>
    public LoraOptions? Lora { get; private set; }

    /// <inheritdoc/>
    public override int ContextLength => Config.ContextLength;

    /// <inheritdoc/>
    public override int? Width => Config.Width;

    /// <summary>A new model with random weights, the same on every machine.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <remarks>Normal with standard deviation 0.02, as Hugging Face begins; gains are 1 and biases 0.</remarks>
    /// <exception cref="ArgumentException">The configuration's parts do not fit each other.</exception>
    public static Llama Create(LlamaConfig config, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(config);
        var created = new Llama(config);
        var random = new SeededRandom(seed);
        foreach (var (name, parameter) in created.named_parameters())
            if (name.EndsWith(".bias", StringComparison.Ordinal))
                Weights.Fill(parameter, () => 0);
            else if (parameter.dim() == 1)
                Weights.Fill(parameter, () => 1);
            else
                Weights.Fill(parameter, () => 0.02 * random.NextGaussian());
        return created;
    }

    /// <summary>One of UniPo's own models, with the same weights. A value head is not part of it.</summary>
    public static Llama Of(TinyTransformer source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var copy = new Llama(LlamaConfig.Of(source));
        foreach (var (name, parameter) in copy.named_parameters())
            Weights.Set(parameter, source.Parameters[source.Parameters.Find(name)]);
        return copy;
    }

    /// <summary>Freezes all weights and puts a low-rank adapter beside each of the chosen layers; only those are trained.</summary>
    /// <exception cref="InvalidOperationException">There are adapters already.</exception>
    /// <exception cref="ArgumentException">No layer has one of the names.</exception>
    public void AddLora(LoraOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Lora is not null)
            throw new InvalidOperationException("This model has adapters already.");
        var chosen = LoraAdapters.Targets(this, options);
        foreach (var parameter in parameters())
            parameter.requires_grad = false;
        Lora = options;
        LoraAdapters.Add(chosen, options);
    }

    /// <inheritdoc/>
    public override Tensor Hidden(Tensor tokens, DecodingState? state = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var (first, length) = (state?.Length ?? 0, tokens.size(1));
        if (first + length > Config.ContextLength)
            throw new ArgumentException(
                $"A sequence of {first + length} tokens is longer than the model's context of {Config.ContextLength}."
            );
        var place = new BlockPlace(
            _rotary.At(first, length, state?.LeftPadding, model.Device),
            state,
            first,
            state?.LeftPadding is { } padding ? Mask(padding, first, length) : null
        );
        var x = model.Run(tokens, place);
        if (state is not null)
            state.Length += (int)length;
        return x;
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor hidden) => lm_head?.forward(hidden) ?? model.TiedLogits(hidden);

    /// <inheritdoc/>
    public override DecodingState NewState(long rows, int length) =>
        new(Config.Layers, rows, Config.KeyValueHeads, length, Config.HeadSize, model.Device);

    /// <inheritdoc/>
    public override LanguageModel NewLike()
    {
        var copy = new Llama(Config);
        if (Lora is not null)
            copy.AddLora(Lora);
        return copy;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rotary.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>[B, 1, T, all] which places each new token may look at, where rows begin with padding.</summary>
    private static Tensor Mask(Tensor leftPadding, int first, long length)
    {
        var places = arange(first + length, device: leftPadding.device).unsqueeze(0);
        var own = arange(first, first + length, device: leftPadding.device).unsqueeze(1);
        var real = places.ge(leftPadding.unsqueeze(1)).unsqueeze(1).unsqueeze(1);
        // A place of padding looks at itself, so that no softmax is over nothing; nobody looks at it.
        return real.logical_and(places.le(own)).logical_or(places.eq(own));
    }

    /// <summary>All but the output layer: what the Hugging Face layout calls "model".</summary>
    private sealed class Stack : nn.Module
    {
        private readonly TokenEmbedding embed_tokens;
        private readonly ModuleList<LlamaBlock> layers;
        private readonly RmsNorm norm;

        public Stack(LlamaConfig config)
            : base("model")
        {
            embed_tokens = new TokenEmbedding(config.Vocabulary, config.Width);
            layers = new ModuleList<LlamaBlock>([.. Enumerable.Range(0, config.Layers).Select(_ => new LlamaBlock(config))]);
            norm = new RmsNorm(config.Width, config.NormEpsilon);
            RegisterComponents();
        }

        public Device Device => embed_tokens.Device;

        public Tensor Run(Tensor tokens, in BlockPlace place)
        {
            var x = embed_tokens.forward(tokens);
            for (var layer = 0; layer < layers.Count; layer++)
                x = layers[layer].Run(x, place, layer);
            return norm.forward(x);
        }

        public Tensor TiedLogits(Tensor hidden) => embed_tokens.Logits(hidden);
    }
}
