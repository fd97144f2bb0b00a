using System.Text;

namespace UniPo;

/// <summary>
/// The symbols a model reads and writes, and their ids. Text is cut into the longest symbols that fit, left to right.
/// </summary>
/// <remarks>
/// Two symbols are special: <see cref="End"/> closes a response, <see cref="Pad"/> fills unused places and is never sampled on
/// purpose.
/// </remarks>
public sealed class Vocabulary : ITokenizer
{
    private readonly string[] _symbols;
    private readonly Dictionary<string, int> _ids;
    private readonly int _longest;

    /// <summary>A vocabulary of the given symbols; the id of a symbol is its index.</summary>
    /// <param name="symbols">[V] distinct, non-empty symbols, the two special ones included.</param>
    /// <param name="end">The symbol that closes a response.</param>
    /// <param name="pad">The symbol that fills unused places.</param>
    /// <exception cref="ArgumentException">A symbol is empty or occurs twice, or a special symbol is missing.</exception>
    public Vocabulary(IReadOnlyList<string> symbols, string end, string pad)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        _symbols = [.. symbols];
        _ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < _symbols.Length; id++)
        {
            if (string.IsNullOrEmpty(_symbols[id]))
                throw new ArgumentException(
                    $"Symbol {id} of the vocabulary is empty; every symbol needs at least one character."
                );
            if (!IsWellFormed(_symbols[id]))
                throw new ArgumentException(
                    $"Symbol {id} of the vocabulary holds half of a surrogate pair; a character beyond the basic plane must stay whole."
                );
            if (!_ids.TryAdd(_symbols[id], id))
                throw new ArgumentException(
                    $"The symbol '{_symbols[id]}' occurs twice in the vocabulary; symbols must be distinct."
                );
        }
        End = Find(end, "end");
        Pad = Find(pad, "pad");
        _longest = _symbols.Max(s => s.Length);
    }

    /// <summary>One symbol for each Unicode character, then the two special ones (<c>$</c> ends a response, <c>_</c> pads).</summary>
    /// <param name="characters">Distinct characters, without <c>$</c> and <c>_</c>.</param>
    /// <exception cref="ArgumentException">A character occurs twice, or is half of a surrogate pair.</exception>
    public static Vocabulary OfCharacters(string characters)
    {
        ArgumentNullException.ThrowIfNull(characters);
        if (!IsWellFormed(characters))
            throw new ArgumentException(
                "The characters hold half of a surrogate pair; a character beyond the basic plane must stay whole."
            );
        return new([.. characters.EnumerateRunes().Select(c => c.ToString()), "$", "_"], end: "$", pad: "_");
    }

    /// <summary>Number of symbols V.</summary>
    public int Count => _symbols.Length;

    /// <summary>All symbols in the order of their ids.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>Id of the symbol that closes a response.</summary>
    public int End { get; }

    /// <summary>Id of the symbol that fills unused places.</summary>
    public int Pad { get; }

    /// <inheritdoc/>
    public string TextOf(int token) => this[token];

    /// <summary>The symbol with this id.</summary>
    /// <param name="id">In [0, <see cref="Count"/>).</param>
    public string this[int id] =>
        (uint)id < (uint)_symbols.Length
            ? _symbols[id]
            : throw new ArgumentOutOfRangeException(nameof(id), id, $"Token ids of this vocabulary lie in [0, {Count}).");

    /// <summary>Cuts text into token ids, always taking the longest symbol that fits.</summary>
    /// <exception cref="ArgumentException">The text holds a character that no symbol covers.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length);
        for (var at = 0; at < text.Length; )
        {
            var length = Math.Min(_longest, text.Length - at);
            var id = 0;
            while (length > 0 && !_ids.TryGetValue(text.Substring(at, length), out id))
                length--;
            if (length == 0)
                throw new ArgumentException(
                    $"The vocabulary has no symbol for '{RuneAt(text, at)}' at position {at} of \"{text}\"; it knows {Listed()}."
                );
            ids.Add(id);
            at += length;
        }
        return [.. ids];
    }

    /// <summary>The text of the tokens, the closing symbol left out.</summary>
    /// <param name="tokens">Each in [0, <see cref="Count"/>).</param>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
            if (token != End)
                text.Append(this[token]);
        return text.ToString();
    }

    private int Find(string symbol, string role) =>
        _ids.TryGetValue(symbol, out var id)
            ? id
            : throw new ArgumentException($"The {role} symbol '{symbol}' is not in the vocabulary; it holds {Listed()}.");

    private string Listed() => Examples.Of(_symbols, _symbols.Length, " ");

    private static string RuneAt(string text, int at) =>
        Rune.TryGetRuneAt(text, at, out var rune) ? rune.ToString() : $"\\u{(int)text[at]:X4}";

    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[++at])))
                return false;
        return true;
    }
}
