using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace UniPo.Torch;

/// <summary>The tokenizer of a Hugging Face folder: byte-level BPE, as Llama 3 and Qwen have it.</summary>
/// <remarks>Special tokens such as <c>&lt;|im_start|&gt;</c> may be written in the text.</remarks>
public sealed class ByteLevelTokenizer : ITokenizer
{
    // In the order of preference, where no file says which token closes a response.
    private static readonly string[] _knownEnds = ["<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "</s>"];
    private readonly Tokenizer _tokenizer;
    private readonly HashSet<int> _ends;
    private readonly bool[] _known;
    private readonly bool _composes;

    private ByteLevelTokenizer(TokenizerJson json, string path, int count, int[] ends, int? end, int? pad)
    {
        var (vocabulary, added) = (json.Vocabulary, json.Added);
        Count = count;
        _known = new bool[count];
        foreach (var (token, id) in vocabulary.Concat(added))
        {
            if ((uint)id >= (uint)count)
                throw new InvalidDataException(
                    $"{path}: the token '{token}' has the id {id}, but the model knows the ids 0 to {count - 1} only. Tokenizer and model do not belong together."
                );
            _known[id] = true;
        }
        if (ends.Length == 0)
            ends = [.. _knownEnds.Where(added.ContainsKey).Select(t => added[t])];
        if (ends.Concat([end ?? 0, pad ?? 0]).FirstOrDefault(id => (uint)id >= (uint)count) is var odd and not 0)
            throw new InvalidDataException(
                $"{path}: the id {odd} is to close or pad responses, but the model knows the ids 0 to {count - 1} only."
            );
        if (ends.Length == 0 && end is null)
            throw new InvalidDataException(
                $"{path}: no file says which token closes a response. Name one as 'eos_token' in {ModelFolder.TokenizerConfig}."
            );
        End = end ?? ends[0];
        _ends = [End, .. ends];
        Pad = pad ?? End;
        (_tokenizer, _composes) = (json.Build(), json.Composes);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Pad { get; }

    /// <inheritdoc/>
    public int End { get; }

    /// <summary>The tokenizer of a folder.</summary>
    /// <param name="folder">Holds tokenizer.json, and what says which tokens close a response.</param>
    /// <param name="vocabulary">Ids the model has logits for, V; rows of padding included.</param>
    /// <exception cref="FileNotFoundException">There is no tokenizer.json.</exception>
    /// <exception cref="InvalidDataException">It is of a kind that is not supported, or its ids do not fit the model.</exception>
    public static ByteLevelTokenizer Load(string folder, int vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, ModelFolder.Tokenizer);
        var root = ModelFolder.Json(folder, ModelFolder.Tokenizer);
        var settings = ModelFolder.JsonIfThere(folder, ModelFolder.TokenizerConfig);
        try
        {
            var json = new TokenizerJson(root, path);
            var added = json.Added;
            int? Named(string property) =>
                settings is { } s && Content(s, property) is { } token && added.TryGetValue(token, out var id) ? id : null;
            return new ByteLevelTokenizer(json, path, vocabulary, Ends(folder), Named("eos_token"), Named("pad_token"));
        }
        catch (Exception fault)
            when (fault is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is malformed: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public bool IsEnd(int token) => _ends.Contains(token);

    /// <inheritdoc/>
    public string TextOf(int token)
    {
        if ((uint)token >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"Token ids of this tokenizer lie in [0, {Count}).");
        return _known[token] ? _tokenizer.Decode([token]) ?? "" : $"[{token.ToString(CultureInfo.InvariantCulture)}]";
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. _tokenizer.EncodeToIds(_composes ? Compose(text) : text)];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var ids = new List<int>(tokens.Length);
        foreach (var token in tokens)
            if ((uint)token < (uint)Count && _known[token] && !IsEnd(token) && token != Pad)
                ids.Add(token);
        return _tokenizer.Decode(ids) ?? "";
    }

    /// <summary>
    /// Unicode NFC. A program in invariant mode has no tables for it: there, text that may need it is refused, not mangled.
    /// </summary>
    private static string Compose(string text)
    {
        if ("e\u0301".Normalize(NormalizationForm.FormC).Length == 1)
            return text.Normalize(NormalizationForm.FormC);
        foreach (var rune in text.EnumerateRunes())
            if (MayNeedComposing(rune))
                throw new ArgumentException(
                    $"The text holds the character U+{rune.Value:X4}, which this tokenizer wants composed (Unicode NFC); the program runs without Unicode tables. Set InvariantGlobalization to false in its project, or write composed characters."
                );
        return text;
    }

    private static bool MayNeedComposing(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || rune.Value
            is (>= 0x1100 and <= 0x11FF) // single parts of Korean syllables
                or (>= 0xF900 and <= 0xFAFF) // compatibility ideographs
                or (>= 0x2F800 and <= 0x2FA1F)
                or 0x2126
                or 0x212A
                or 0x212B;

    /// <summary>What generation stops at: generation_config.json says it best, config.json else.</summary>
    private static int[] Ends(string folder)
    {
        foreach (var file in new[] { ModelFolder.GenerationConfig, ModelFolder.Config })
            if (ModelFolder.JsonIfThere(folder, file) is { } json && ConfigJson.EndTokens(json) is { Length: > 0 } ends)
                return ends;
        return [];
    }

    // A token is written as its text, or as an object that holds it.
    private static string? Content(JsonElement settings, string property) =>
        !settings.TryGetProperty(property, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content) ? content.GetString()
        : null;
}
