using System.Text.Json;

namespace UniPo.Torch;

/// <summary>Reads a Hugging Face <c>config.json</c>.</summary>
internal sealed class ConfigJson
{
    private static readonly string[] _supported = ["llama", "qwen2", "qwen3"];
    private readonly JsonElement _root;
    private readonly string _path;

    private ConfigJson(JsonElement root, string path) => (_root, _path) = (root, path);

    /// <summary>The shape that a file describes.</summary>
    /// <exception cref="InvalidDataException">It describes something that is not supported, or lacks a property; the message
    /// names it and what is supported.</exception>
    public static LlamaConfig Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{path} must hold a JSON object, but holds a JSON {root.ValueKind}.");
        var config = new ConfigJson(root, path);
        config.RequireSupported();
        try
        {
            return config.Shape().Validated();
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"{path}: {fault.Message}", fault);
        }
    }

    /// <summary>The ids of the tokens that close a response; none where the file does not say.</summary>
    public static int[] EndTokens(JsonElement root) =>
        !root.TryGetProperty("eos_token_id", out var end) ? []
        : end.ValueKind == JsonValueKind.Number ? [end.GetInt32()]
        : end.ValueKind == JsonValueKind.Array ? [.. end.EnumerateArray().Select(e => e.GetInt32())]
        : [];

    private void RequireSupported()
    {
        var kind = Text("model_type") ?? "(none)";
        if (!_supported.Contains(kind))
            throw new InvalidDataException(
                $"{_path} describes the architecture '{kind}'; supported are {string.Join(", ", _supported)}."
            );
        if (Text("hidden_act") is { } activation && activation != "silu")
            throw new InvalidDataException($"{_path}: the activation (hidden_act) is '{activation}'; supported is silu.");
        if (Flag("use_sliding_window"))
            throw new InvalidDataException(
                $"{_path} asks for attention in a sliding window (use_sliding_window), which is not supported."
            );
        if (_root.TryGetProperty("quantization_config", out _))
            throw new InvalidDataException(
                $"{_path} describes quantized weights (quantization_config); supported are F32, F16 and BF16."
            );
    }

    private LlamaConfig Shape()
    {
        var (kind, width, heads) = (Text("model_type"), Whole("hidden_size"), Whole("num_attention_heads"));
        return new LlamaConfig
        {
            Layers = Whole("num_hidden_layers"),
            Width = width,
            Heads = heads,
            KeyValueHeads = Whole("num_key_value_heads", heads),
            HeadSize = Whole("head_dim", kind == "qwen3" ? 128 : width / Math.Max(heads, 1)),
            Hidden = Whole("intermediate_size"),
            Vocabulary = Whole("vocab_size"),
            ContextLength = Whole("max_position_embeddings", kind == "llama" ? 2048 : 32768),
            TieEmbeddings = Flag("tie_word_embeddings"),
            QueryKeyValueBias = kind == "qwen2" || Flag("attention_bias"),
            OutputBias = kind != "qwen2" && Flag("attention_bias"),
            GatedBias = kind == "llama" && Flag("mlp_bias"),
            QueryKeyNorm = kind == "qwen3",
            RopeTheta = Real(_root, "rope_theta", 10_000),
            NormEpsilon = Real(_root, "rms_norm_eps", 1e-6),
            Scaling = Scaling(),
        };
    }

    private RopeScaling? Scaling()
    {
        if (!_root.TryGetProperty("rope_scaling", out var scaling) || scaling.ValueKind != JsonValueKind.Object)
            return null;
        var named = scaling.TryGetProperty("rope_type", out var type) || scaling.TryGetProperty("type", out type);
        return (named ? type.GetString() : "default") switch
        {
            "default" => null,
            "linear" => new RopeScaling.Linear(Positive(scaling, "factor")),
            "llama3" => new RopeScaling.Llama3(
                Positive(scaling, "factor"),
                Positive(scaling, "low_freq_factor"),
                Positive(scaling, "high_freq_factor"),
                Positive(scaling, "original_max_position_embeddings")
            ),
            var other => throw new InvalidDataException(
                $"{_path}: the rope scaling '{other}' is not supported; supported are default, linear and llama3."
            ),
        };
    }

    private string? Text(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private bool Flag(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private int Whole(string name, int? otherwise = null) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.TryGetInt32(out var number)
                ? number
                : throw new InvalidDataException($"{_path}: '{name}' must be a whole number, but is {value.GetRawText()}.")
            : otherwise ?? throw new InvalidDataException($"{_path} lacks the number '{name}'.");

    private static double Real(JsonElement element, string name, double otherwise) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;

    private double Positive(JsonElement element, string name) =>
        Real(element, name, 0) is > 0 and var number
            ? number
            : throw new InvalidDataException($"{_path}: the rope scaling needs a positive '{name}'.");
}
