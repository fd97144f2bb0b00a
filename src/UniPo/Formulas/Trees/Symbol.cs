using UniPo.Numerics;

namespace UniPo;

/// <summary>How a quantity is written: a letter, its indices, an upright label, and what it is a function of.</summary>
/// <param name="Base">The letter, Greek ones as themselves: <c>r</c>, <c>π</c>, <c>ε</c>. Several letters stand upright.</param>
/// <param name="Index">Index letters, one character each: <c>i</c>, <c>it</c>; empty for none.</param>
/// <param name="Label">Upright word beside the indices: <c>low</c>, <c>ref</c>; empty for none.</param>
public sealed record Symbol(string Base, string Index = "", string Label = "")
{
    /// <summary>The function applied to it, for instance <c>log</c>; empty for none.</summary>
    public string Function { get; init; } = "";

    /// <summary>What it is taken of, in parentheses; null for nothing.</summary>
    public Symbol? Argument { get; init; }

    /// <summary>The symbol that a text stands for: a letter, and behind an underscore its upright label.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    internal static Symbol Of(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var parts = text.Trim().Split('_', 2);
        return parts.Length == 1 ? new Symbol(parts[0]) : new Symbol(parts[0], "", parts[1]);
    }

    /// <summary>The letters of <see cref="Index"/> after renaming: inside a sum over j, R_i is written R_j.</summary>
    internal IReadOnlyList<string> Indices(IndexNames names) => [.. Index.Select(c => names.Of(c)).Where(n => n.Length > 0)];

    /// <inheritdoc/>
    public override string ToString() => PlainWriter.Write(this, IndexNames.Plain);
}

/// <summary>What each index letter is called at a place of the formula.</summary>
internal sealed record IndexNames
{
    public static IndexNames Plain { get; } = new();

    private readonly string _i = "i",
        _t = "t";

    private IndexNames(string i = "i", string t = "t") => (_i, _t) = (i, t);

    public string Of(char letter) =>
        letter switch
        {
            'i' => _i,
            't' => _t,
            _ => letter.ToString(),
        };

    /// <summary>The names inside a range that gives one of the letters another name.</summary>
    public IndexNames Within(IndexRange range) =>
        range.Letter switch
        {
            'i' => new(range.Name, _t),
            't' => new(_i, range.Name),
            _ => this,
        };
}
