using System.Globalization;
using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>Texts of token ids, from a <c>tokenizer.json</c> of Hugging Face's tokenizers.</summary>
/// <remarks>
/// Byte-level marks are shown as what they mean: Ġ is a space, Ċ a line's end, ▁ a space, <c>&lt;0x0A&gt;</c> a byte. A token that
/// holds a part of a character only shows the replacement sign.
/// </remarks>
public sealed class TokenTexts
{
    private static readonly Dictionary<char, byte> _bytes = ByteLevel();

    private readonly Dictionary<int, string> _texts;

    private TokenTexts(Dictionary<int, string> texts) => _texts = texts;

    /// <summary>Number of tokens that have a text.</summary>
    public int Count => _texts.Count;

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">A <c>tokenizer.json</c>.</param>
    /// <exception cref="InvalidDataException">The file is no tokenizer of this kind.</exception>
    public static TokenTexts Read(string path)
    {
        using var document =
            LenientJson.TryParse(File.ReadAllText(path))
            ?? throw new InvalidDataException(
                $"The tokenizer '{path}' is no JSON; a tokenizer.json of Hugging Face's tokenizers is read."
            );
        var texts = new Dictionary<int, string>();
        if (LenientJson.Find(document.RootElement, "model") is { } model && LenientJson.Find(model, "vocab") is { } vocabulary)
            Vocabulary(vocabulary, texts);
        if (LenientJson.Find(document.RootElement, "added_tokens") is { ValueKind: JsonValueKind.Array } added)
            foreach (var token in added.EnumerateArray())
                if (LenientJson.Number(LenientJson.Find(token, "id")) is >= 0 and <= int.MaxValue and var id)
                    texts[(int)id] = LenientJson.Text(LenientJson.Find(token, "content")) ?? "";
        return texts.Count > 0
            ? new TokenTexts(texts)
            : throw new InvalidDataException(
                $"The tokenizer '{path}' has no model.vocab; a tokenizer.json of Hugging Face's tokenizers is read."
            );
    }

    private static void Vocabulary(JsonElement vocabulary, Dictionary<int, string> texts)
    {
        if (vocabulary.ValueKind == JsonValueKind.Object)
            foreach (var token in vocabulary.EnumerateObject())
            {
                if (LenientJson.Number(token.Value) is >= 0 and <= int.MaxValue and var id)
                    texts[(int)id] = Meaning(token.Name);
            }
        else if (vocabulary.ValueKind == JsonValueKind.Array) // unigram: pairs of piece and score, the index is the id
            for (var id = 0; id < vocabulary.GetArrayLength(); id++)
                if (vocabulary[id].ValueKind == JsonValueKind.Array && vocabulary[id].GetArrayLength() > 0)
                    texts[id] = Meaning(LenientJson.Text(vocabulary[id][0]) ?? "");
    }

    /// <summary>The text of an id; the id in angle brackets where it has none.</summary>
    public string this[int id] => _texts.TryGetValue(id, out var text) ? text : Unnamed(id);

    /// <summary>An id without a text.</summary>
    internal static string Unnamed(int id) => string.Create(CultureInfo.InvariantCulture, $"‹{id}›");

    /// <summary>Prompt ids as a text that <see cref="Prompt"/> can turn into words.</summary>
    internal static string IdsAsText(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(Unnamed(id));
        return text.ToString();
    }

    /// <summary>A prompt of ids (<c>‹12›‹7›</c>) as text.</summary>
    internal string Prompt(string ids)
    {
        if (!ids.StartsWith('‹'))
            return ids;
        var text = new StringBuilder();
        foreach (var part in ids.Split('›', StringSplitOptions.RemoveEmptyEntries))
            text.Append(int.TryParse(part.AsSpan().TrimStart('‹'), CultureInfo.InvariantCulture, out var id) ? this[id] : part);
        return text.ToString();
    }

    /// <summary>What a piece of a vocabulary means as text.</summary>
    internal static string Meaning(string piece)
    {
        if (piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>')
            return byte.TryParse(piece.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
                ? Encoding.UTF8.GetString([value])
                : piece;
        if (piece.Contains('▁'))
            return piece.Replace('▁', ' ');
        var bytes = new byte[piece.Length];
        for (var i = 0; i < piece.Length; i++)
            if (!_bytes.TryGetValue(piece[i], out bytes[i]))
                return piece; // not of a byte-level vocabulary
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>True when a text of the log itself carries byte-level marks, so that Ġ and Ċ stand for blanks.</summary>
    internal static bool LooksByteLevel(IEnumerable<string> symbols) => symbols.Any(s => s.Contains('Ġ') || s.Contains('Ċ'));

    // GPT-2's table: printable bytes stand for themselves, the others for characters from 256 on.
    private static Dictionary<char, byte> ByteLevel()
    {
        var table = new Dictionary<char, byte>();
        var next = 256;
        for (var value = 0; value < 256; value++)
            table[value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)value : (char)next++] = (byte)value;
        return table;
    }
}
