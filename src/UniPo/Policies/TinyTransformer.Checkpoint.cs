using System.Globalization;
using System.Text;
using System.Text.Json;
using UniPo.Engine;

namespace UniPo;

public sealed partial class TinyTransformer
{
    /// <summary>Angles of rotary positions that a file may ask memory for: 64 MiB.</summary>
    private const int MostRotaryFloats = 1 << 23;
    private const string Format = "unipo-tiny-transformer-1";
    private const string ShippedPrefix = "checkpoints/",
        Extension = ".safetensors";

    /// <summary>Names of the base models that ship with the library.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
    [
        .. typeof(TinyTransformer)
            .Assembly.GetManifestResourceNames()
            .Where(name =>
                name.StartsWith(ShippedPrefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
            )
            .Select(name => name[ShippedPrefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Writes weights, configuration and vocabulary as a .safetensors file, atomically.</summary>
    /// <exception cref="IOException">The folder is missing, full, or not writable.</exception>
    public void Save(string path)
    {
        var file = new SafetensorsFile();
        AddTo(file);
        file.Save(path);
    }

    /// <summary>
    /// Puts weights, configuration and vocabulary into a file that may hold more, for instance an optimiser's moments.
    /// </summary>
    /// <param name="file">Receives tensors named as in <see cref="Parameters"/>, and metadata.</param>
    public void AddTo(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var invariant = CultureInfo.InvariantCulture;
        file.Metadata["format"] = Format;
        file.Metadata["layers"] = Config.Layers.ToString(invariant);
        file.Metadata["width"] = Config.Width.ToString(invariant);
        file.Metadata["heads"] = Config.Heads.ToString(invariant);
        file.Metadata["hidden"] = Config.Hidden.ToString(invariant);
        file.Metadata["context_length"] = Config.ContextLength.ToString(invariant);
        file.Metadata["tie_embeddings"] = Config.TieEmbeddings ? "true" : "false";
        file.Metadata["value_head"] = Config.ValueHead ? "true" : "false";
        file.Metadata["rope_theta"] = Config.RopeTheta.ToString("R", invariant);
        file.Metadata["norm_epsilon"] = Config.NormEpsilon.ToString("R", invariant);
        file.Metadata["vocabulary"] = ToJson(Vocabulary.Symbols);
        file.Metadata["end"] = Vocabulary[Vocabulary.End];
        file.Metadata["pad"] = Vocabulary[Vocabulary.Pad];
        foreach (var tensor in Parameters.Tensors)
            file.Add(tensor.Name, tensor.Shape, Parameters[tensor]);
    }

    /// <summary>Reads a model from a file, or a base model that ships with the library.</summary>
    /// <param name="pathOrShippedName">Path of a .safetensors file, or one of <see cref="Shipped"/>.</param>
    /// <exception cref="FileNotFoundException">There is neither a file nor a shipped model of that name; the message lists those
    /// there are.</exception>
    /// <exception cref="InvalidDataException">The file is truncated, corrupt, or holds something else; the message names file and
    /// tensor.</exception>
    public static TinyTransformer Load(string pathOrShippedName)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrShippedName);
        if (Shipped.Contains(pathOrShippedName))
            return FromFile(ReadShipped(pathOrShippedName));
        if (File.Exists(pathOrShippedName))
            return FromFile(SafetensorsFile.Load(pathOrShippedName));
        var shipped = Shipped.Count == 0 ? "none" : string.Join(", ", Shipped);
        throw new FileNotFoundException(
            $"There is no file '{pathOrShippedName}' and no shipped model of that name; shipped models: {shipped}.",
            pathOrShippedName
        );
    }

    /// <summary>The model in a file that may hold more.</summary>
    /// <exception cref="InvalidDataException">The file holds no such model, or not all of it; the message names file and
    /// tensor.</exception>
    public static TinyTransformer FromFile(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Metadata.GetValueOrDefault("format") is not Format)
            throw new InvalidDataException(
                $"{file.Origin} holds no {nameof(TinyTransformer)}: its metadata has the format '{file.Metadata.GetValueOrDefault("format") ?? "(none)"}', but '{Format}' is needed."
            );
        TinyTransformer policy;
        try
        {
            policy = new TinyTransformer(ReadConfig(file), ReadVocabulary(file), UniPo.Numerics.Compute.Shared);
        }
        catch (Exception fault)
            when (fault is ArgumentException or FormatException or OverflowException or JsonException or InvalidOperationException
            )
        {
            throw new InvalidDataException(
                $"{file.Origin}: its metadata describes no {nameof(TinyTransformer)}. {fault.Message}",
                fault
            );
        }
        policy.Parameters.ReadFrom(file);
        return policy;
    }

    private static TinyTransformerConfig ReadConfig(SafetensorsFile file)
    {
        string Text(string key) =>
            file.Metadata.TryGetValue(key, out var text) ? text : throw new FormatException($"'{key}' is missing.");
        int Whole(string key) => int.Parse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture);
        double Real(string key) => double.Parse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture);
        var config = new TinyTransformerConfig
        {
            Layers = Whole("layers"),
            Width = Whole("width"),
            Heads = Whole("heads"),
            Hidden = Whole("hidden"),
            ContextLength = Whole("context_length"),
            TieEmbeddings = bool.Parse(Text("tie_embeddings")),
            ValueHead = bool.Parse(Text("value_head")),
            RopeTheta = Real("rope_theta"),
            NormEpsilon = Real("norm_epsilon"),
        }.Validated();
        // Before memory is reserved for what the metadata claims, the file must show that it has it.
        if (
            !file.Contains("model.embed_tokens.weight")
            || file.ShapeOf("model.embed_tokens.weight") is not [_, var width]
            || width != config.Width
        )
            throw new FormatException(
                $"The width is {config.Width}, but there is no tensor 'model.embed_tokens.weight' that wide."
            );
        if (config.Layers > file.Names.Count)
            throw new FormatException($"There are {config.Layers} layers, but only {file.Names.Count} tensors.");
        var longest = MostRotaryFloats / Padding.Up(config.Width / config.Heads);
        if (config.ContextLength > longest)
            throw new FormatException(
                $"The context length {config.ContextLength} is beyond the {longest} tokens that a model with heads of {config.Width / config.Heads} supports."
            );
        foreach (var (name, shape) in TransformerTensors.Shapes(config, file.ShapeOf("model.embed_tokens.weight")[0]))
            file.Read(name, shape);
        return config;
    }

    private static Vocabulary ReadVocabulary(SafetensorsFile file)
    {
        var symbols = FromJson(
            file.Metadata.GetValueOrDefault("vocabulary") ?? throw new FormatException("'vocabulary' is missing.")
        );
        var vocabulary = new Vocabulary(
            symbols,
            file.Metadata.GetValueOrDefault("end") ?? "",
            file.Metadata.GetValueOrDefault("pad") ?? ""
        );
        var rows = file.ShapeOf("model.embed_tokens.weight")[0];
        return vocabulary.Count == rows
            ? vocabulary
            : throw new FormatException(
                $"The vocabulary has {vocabulary.Count} symbols, but tensor 'model.embed_tokens.weight' has {rows} rows."
            );
    }

    private static string ToJson(IReadOnlyList<string> symbols)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var symbol in symbols)
                json.WriteStringValue(symbol);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string[] FromJson(string text)
    {
        using var json = JsonDocument.Parse(text);
        if (
            json.RootElement.ValueKind != JsonValueKind.Array
            || json.RootElement.EnumerateArray().Any(symbol => symbol.ValueKind != JsonValueKind.String)
        )
            throw new FormatException("'vocabulary' must be a list of texts.");
        return [.. json.RootElement.EnumerateArray().Select(symbol => symbol.GetString()!)];
    }

    private static SafetensorsFile ReadShipped(string name)
    {
        using var resource = typeof(TinyTransformer).Assembly.GetManifestResourceStream(ShippedPrefix + name + Extension)!;
        return SafetensorsFile.Read(resource, $"the shipped model '{name}'");
    }
}
