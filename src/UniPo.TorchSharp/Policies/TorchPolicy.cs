using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>A model in TorchSharp as a policy: sampled from, scored, and trained by libtorch's gradients.</summary>
/// <remarks>
/// All parameters with <c>requires_grad</c> are trained; the others stay as they are and are shared by clones. One instance
/// serves one thread at a time.
/// </remarks>
/// <example><code>
/// var policy = TorchPolicy.From(() => new MyModel(), vocabulary, contextLength: 32);   // any module that gives logits
/// var policy = HuggingFace.Load("models/qwen").Policy();                               // or a folder
/// var run = new Trainer(policy, task, Algorithms.Grpo).Train(50);
/// </code></example>
public sealed partial class TorchPolicy : ITrainablePolicy
{
    private const string CriticName = "value_head.weight";
    private readonly bool _copies;
    private readonly Parameter? _critic;
    private TorchPass? _last;

    /// <summary>A policy of a model.</summary>
    /// <param name="model">The model; the policy owns it from now on and moves it to the device.</param>
    /// <param name="tokenizer">Text to ids and back; the model gives a logit for each id.</param>
    /// <param name="name">What logs and curves call it; the model's name if not given.</param>
    /// <param name="device">Where it computes; the processor if not given.</param>
    /// <exception cref="ArgumentException">The model's logits do not fit the tokenizer, or it has nothing to train.</exception>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says what to install.</exception>
    public TorchPolicy(LanguageModel model, ITokenizer tokenizer, string? name = null, Device? device = null)
        : this(model, tokenizer, name ?? model?.GetName() ?? "", device, hasCritic: false, copies: false) { }

    private TorchPolicy(LanguageModel model, ITokenizer tokenizer, string name, Device? device, bool hasCritic, bool copies)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        LibTorch.Require();
        (Model, Tokenizer, Name, _copies, Device) = (model, tokenizer, name, copies, device ?? CPU);
        model.to(Device);
        if (hasCritic)
        {
            _critic = new Parameter(zeros([1, WidthForCritic()], device: Device)); // every estimate begins at 0
            _critic.DetachFromDisposeScope();
        }
        RequireLogitsForEachToken();
        List<(string, Parameter)> trainable = [.. model.named_parameters().Where(p => p.parameter.requires_grad)];
        if (_critic is not null)
            trainable.Add((CriticName, _critic));
        Binding = new ParameterBinding(trainable, copies);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The model. Its trainable tensors are those of <see cref="Parameters"/>.</summary>
    public LanguageModel Model { get; }

    /// <inheritdoc/>
    public ITokenizer Tokenizer { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <inheritdoc/>
    public ParameterSet Parameters => Binding.Parameters;

    /// <inheritdoc/>
    public bool HasValueHead => _critic is not null;

    /// <summary>True when the model shows its hidden states, on which a value head is built.</summary>
    public bool CanHaveValueHead => Model.Width is not null;

    /// <summary>Fewer rows for more symbols: their logits stand side by side.</summary>
    public int RowsAtOnce => Math.Clamp((1 << 24) / Tokenizer.Count, 8, 256);

    internal ParameterBinding Binding { get; }

    /// <summary>Any module that maps ids [B, T] to logits [B, T, V], each from the tokens before it alone.</summary>
    /// <param name="make">Makes the module; called again for every clone.</param>
    /// <param name="tokenizer">Text to ids and back.</param>
    /// <param name="contextLength">Most tokens of a prompt and its response together.</param>
    /// <param name="name">What logs and curves call it; the module's name if not given.</param>
    /// <param name="device">Where it computes; the processor if not given.</param>
    /// <exception cref="ArgumentException">The module returns another shape, or has nothing to train.</exception>
    public static TorchPolicy From(
        Func<nn.Module<Tensor, Tensor>> make,
        ITokenizer tokenizer,
        int contextLength,
        string? name = null,
        Device? device = null
    )
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var model = new LogitsModel(make, tokenizer.Count, contextLength);
        return new TorchPolicy(model, tokenizer, name ?? model.Module.GetName(), device);
    }

    /// <summary>One of UniPo's own models with the same weights, computed by libtorch.</summary>
    public static TorchPolicy Of(TinyTransformer source)
    {
        ArgumentNullException.ThrowIfNull(source);
        IPolicy named = source;
        var policy = new TorchPolicy(Llama.Of(source), source.Vocabulary, named.Name, null, source.HasValueHead, copies: false);
        if (source.HasValueHead)
            source.Parameters[source.Parameters.Find(CriticName)].CopyTo(policy.Parameters[policy.Parameters.Find(CriticName)]);
        return policy;
    }

    /// <summary>An independent copy with the same weights; what is not trained is shared.</summary>
    public TorchPolicy Clone() => Copy(HasValueHead, _copies);

    ITrainablePolicy ITrainablePolicy.Clone() => Clone();

    /// <inheritdoc/>
    ITrainablePolicy ITrainablePolicy.WithValueHead() =>
        CanHaveValueHead
            ? Copy(hasCritic: true, _copies)
            : throw new NotSupportedException(
                $"The model '{Name}' only gives logits, so it cannot have a value head. Derive it from {nameof(LanguageModel)} and give its hidden states, or choose an algorithm without a critic."
            );

    /// <inheritdoc/>
    public bool IsCritic(ParameterTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Name == CriticName;
    }

    /// <summary>Computes on this many threads from now on; libtorch has one setting for the whole process.</summary>
    public void UseThreads(int threads) => LibTorch.UseThreads(threads);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No prompt, an unknown token id, or a prompt and response longer than the
    /// context.</exception>
    public IDecoding Begin(IReadOnlyList<int[]> prompts, int group, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentOutOfRangeException.ThrowIfLessThan(group, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        if (prompts.Count == 0 || prompts.Any(p => p.Length == 0))
            throw new ArgumentException("There must be at least one prompt, and each needs at least one token to start from.");
        var longest = prompts.Max(p => p.Length);
        if (longest + maxTokens > Model.ContextLength)
            throw new ArgumentException(
                $"A prompt of {longest} tokens and a response of up to {maxTokens} are longer than the model's context of {Model.ContextLength}."
            );
        Binding.BeforeUse();
        using var probe = Model.NewState(1, 1);
        return probe is null
            ? new PrefixDecoding(this, prompts, group, maxTokens)
            : new CachedDecoding(this, prompts, group, maxTokens);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An unknown token id, a sequence longer than the context, or a span of the wrong
    /// length.</exception>
    public void Score(
        TokenSequences sequences,
        double temperature,
        Span<double> logProbs,
        Span<double> entropies = default,
        Span<double> values = default
    )
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var batch = Pad(sequences);
        var hidden = HiddenAt(batch);
        var all = LogProbs(hidden, temperature);
        Numbers.CopyTo(all.gather(1, batch.Targets.unsqueeze(1)).squeeze(1), logProbs, nameof(logProbs));
        if (!entropies.IsEmpty)
            Numbers.CopyTo(Entropies(all), entropies, nameof(entropies));
        if (!values.IsEmpty)
            Numbers.CopyTo(
                ValuesOf(hidden) ?? throw new ArgumentException("The policy has no value head.", nameof(values)),
                values,
                nameof(values)
            );
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An unknown token id, or a sequence longer than the context.</exception>
    public IForwardPass Forward(TokenSequences sequences, double temperature)
    {
        _last?.Dispose(); // its graph holds every activation
        return _last = new TorchPass(this, sequences, temperature);
    }

    /// <summary>Releases model and graph.</summary>
    public void Dispose()
    {
        _last?.Dispose();
        Binding.Dispose();
        _critic?.Dispose();
        Model.Dispose();
    }
}
