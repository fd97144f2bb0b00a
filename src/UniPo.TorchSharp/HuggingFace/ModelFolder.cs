using System.Text.Json;

namespace UniPo.Torch;

/// <summary>The files of a model in the Hugging Face layout.</summary>
internal static class ModelFolder
{
    public const string Config = "config.json";
    public const string Weights = "model.safetensors";
    public const string Index = "model.safetensors.index.json";
    public const string Tokenizer = "tokenizer.json";
    public const string TokenizerConfig = "tokenizer_config.json";
    public const string GenerationConfig = "generation_config.json";

    /// <summary>Everything beside the weights: what a saved model copies as it is.</summary>
    public static IReadOnlyList<string> Companions { get; } =
    [
        Tokenizer,
        TokenizerConfig,
        GenerationConfig,
        "vocab.json",
        "merges.txt",
        "special_tokens_map.json",
        "added_tokens.json",
        "chat_template.jinja",
    ];

    /// <summary>A file's JSON.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not JSON.</exception>
    public static JsonElement Json(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"The folder {folder} has no {file}; a model in the Hugging Face layout has {Config}, {Weights} (or shards with {Index}) and {Tokenizer}.",
                path
            );
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not JSON ({fault.Message})", fault);
        }
    }

    /// <summary>A file's JSON; null when there is no such file.</summary>
    public static JsonElement? JsonIfThere(string folder, string file) =>
        File.Exists(Path.Combine(folder, file)) ? Json(folder, file) : null;
}
