using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace UniPo.Torch;

/// <summary>Reads a Hugging Face <c>tokenizer.json</c> of the kind that Llama 3 and Qwen have: byte-level BPE.</summary>
internal sealed class TokenizerJson
{
    /// <summary>How GPT-2 cuts text into words; used where the file names no pattern of its own.</summary>
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly JsonElement _root;
    private readonly string _path;

    /// <param name="root">The file's JSON.</param>
    /// <param name="path">What errors call it.</param>
    public TokenizerJson(JsonElement root, string path) => (_root, _path) = (root, path);

    /// <summary>Tokens that are cut out of the text before all else: the markers of chats, ends and padding.</summary>
    public IReadOnlyDictionary<string, int> Added =>
        _root.TryGetProperty("added_tokens", out var added)
            ? added
                .EnumerateArray()
                .ToDictionary(
                    t => t.GetProperty("content").GetString()!,
                    t => t.GetProperty("id").GetInt32(),
                    StringComparer.Ordinal
                )
            : new Dictionary<string, int>();

    /// <summary>The tokens of the model itself, in the alphabet in which every byte is a letter.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary =>
        Model().GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);

    /// <summary>True when text is to be composed (Unicode NFC) first.</summary>
    public bool Composes => Kind("normalizer") == "NFC";

    /// <summary>The tokenizer.</summary>
    /// <exception cref="InvalidDataException">It is of another kind; the message names the part and what is supported.</exception>
    public Tokenizer Build()
    {
        RequireSupported();
        var pattern = new Regex(Pattern(), RegexOptions.Compiled | RegexOptions.CultureInvariant);
        var words = new RegexPreTokenizer(pattern, Added);
        return Model().TryGetProperty("ignore_merges", out var ignore) && ignore.ValueKind == JsonValueKind.True
            ? ByRank(words)
            : ByMerges(words);
    }

    private BpeTokenizer ByMerges(PreTokenizer words) =>
        BpeTokenizer.Create(
            new BpeOptions(Vocabulary)
            {
                ByteLevel = true,
                Merges = [.. Model().GetProperty("merges").EnumerateArray().Select(Merge)],
                PreTokenizer = words,
                SpecialTokens = Added,
            }
        );

    /// <summary>
    /// Llama 3 takes a word whole where the vocabulary has it, and else merges in the order of the ids: what tiktoken does.
    /// </summary>
    private TiktokenTokenizer ByRank(PreTokenizer words)
    {
        using var ranks = new MemoryStream();
        foreach (var (token, id) in Vocabulary.OrderBy(p => p.Value))
            ranks.Write(Encoding.ASCII.GetBytes($"{Convert.ToBase64String(ByteAlphabet.Bytes(token))} {id}\n"));
        ranks.Position = 0;
        return TiktokenTokenizer.Create(ranks, words, normalizer: null, specialTokens: Added);
    }

    private void RequireSupported()
    {
        if (Kind("model") is var kind && kind != "BPE")
            throw Unsupported($"the model is of the type '{kind}'", "byte-level BPE");
        if (Model().TryGetProperty("byte_fallback", out var fallback) && fallback.ValueKind == JsonValueKind.True)
            throw Unsupported("the model falls back on bytes (byte_fallback), as SentencePiece does", "byte-level BPE");
        if (Kind("normalizer") is { } normalizer && normalizer != "NFC")
            throw Unsupported($"the normalizer is '{normalizer}'", "none and NFC");
        foreach (var part in PreTokenizers())
        {
            var type = part.GetProperty("type").GetString();
            if (type is not ("Split" or "ByteLevel"))
                throw Unsupported($"the pre-tokenizer is '{type}'", "Split by a pattern and ByteLevel");
            if (part.TryGetProperty("add_prefix_space", out var space) && space.ValueKind == JsonValueKind.True)
                throw Unsupported("the pre-tokenizer puts a space before the text (add_prefix_space)", "leaving text as it is");
        }
        if (!PreTokenizers().Any(p => p.GetProperty("type").GetString() == "ByteLevel"))
            throw Unsupported("no pre-tokenizer is ByteLevel", "byte-level BPE");
    }

    private InvalidDataException Unsupported(string what, string supported) =>
        new($"{_path}: {what}, which is not supported; supported: {supported}.");

    private JsonElement Model() =>
        _root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object
            ? model
            : throw new InvalidDataException($"{_path} lacks the object 'model'.");

    private string? Kind(string part) =>
        _root.TryGetProperty(part, out var value)
        && value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("type", out var type)
            ? type.GetString()
            : null;

    private IEnumerable<JsonElement> PreTokenizers() =>
        !_root.TryGetProperty("pre_tokenizer", out var pre) || pre.ValueKind != JsonValueKind.Object ? []
        : pre.GetProperty("type").GetString() == "Sequence" ? pre.GetProperty("pretokenizers").EnumerateArray()
        : [pre];

    private string Pattern()
    {
        foreach (var part in PreTokenizers())
            if (part.TryGetProperty("pattern", out var pattern))
                return pattern.TryGetProperty("Regex", out var regex)
                    ? regex.GetString()!
                    : throw Unsupported("the pre-tokenizer splits at a fixed text", "splitting by a regular expression");
        return Gpt2Pattern;
    }

    private static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";
}
