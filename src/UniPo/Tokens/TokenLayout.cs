namespace UniPo;

/// <summary>
/// Where each response's tokens lie in a flat array, which prompt group a response belongs to, and which tokens count.
/// </summary>
/// <remarks>
/// A batch of B responses with lengths T_1 … T_B is stored without padding: token t of response i is element
/// <c>RowStarts[i] + t</c> of every column. Responses to the same prompt are neighbours. A token that is not active
/// (padding of a foreign batch, a tool's output, a truncated response) enters no sum and gets no weight.
/// </remarks>
public sealed class TokenLayout
{
    private readonly int[] _rowStarts,
        _groupStarts,
        _groupOf,
        _activeInRow;
    private readonly bool[]? _mask;

    /// <summary>A layout from lengths and group sizes.</summary>
    /// <param name="lengths">[B] tokens of each response, at least 0.</param>
    /// <param name="groupSizes">[P] responses of each prompt, at least 1, adding up to B.</param>
    /// <param name="mask">[ΣT] true where the token counts; null when all do.</param>
    /// <exception cref="ArgumentException">The sizes do not match, or a group is empty.</exception>
    public TokenLayout(IReadOnlyList<int> lengths, IReadOnlyList<int> groupSizes, bool[]? mask = null)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(groupSizes);
        _rowStarts = Accumulate(lengths, least: 0, "length of response");
        _groupStarts = Accumulate(groupSizes, least: 1, "size of group");
        if (_groupStarts[^1] != lengths.Count)
            throw new ArgumentException(
                $"The group sizes add up to {_groupStarts[^1]} responses, but {lengths.Count} lengths were given."
            );
        if (mask is not null && mask.Length != Tokens)
            throw new ArgumentException($"The mask holds {mask.Length} tokens, but the responses hold {Tokens}.");
        _groupOf = new int[lengths.Count];
        for (var g = 0; g < groupSizes.Count; g++)
            _groupOf.AsSpan(_groupStarts[g], groupSizes[g]).Fill(g);
        _mask = mask is not null && Array.TrueForAll(mask, m => m) ? null : mask;
        _activeInRow = new int[lengths.Count];
        for (var row = 0; row < Responses; row++)
        {
            _activeInRow[row] = _mask is null ? Length(row) : _mask.AsSpan(_rowStarts[row], Length(row)).Count(true);
            ActiveTokens += _activeInRow[row];
            if (_activeInRow[row] > 0)
                ActiveResponses++;
            MaxLength = Math.Max(MaxLength, Length(row));
        }
    }

    /// <summary>Number of responses B.</summary>
    public int Responses => _rowStarts.Length - 1;

    /// <summary>Number of prompt groups P.</summary>
    public int Groups => _groupStarts.Length - 1;

    /// <summary>Number of tokens of all responses, ΣT_i, masked ones included.</summary>
    public int Tokens => _rowStarts[^1];

    /// <summary>Length of the longest response, in tokens.</summary>
    public int MaxLength { get; }

    /// <summary>Number of tokens that count, over the whole batch.</summary>
    public int ActiveTokens { get; }

    /// <summary>Number of responses with at least one token that counts.</summary>
    public int ActiveResponses { get; }

    /// <summary>[B + 1] index of each response's first token; the last element is <see cref="Tokens"/>.</summary>
    public ReadOnlySpan<int> RowStarts => _rowStarts;

    /// <summary>[P + 1] index of each group's first response; the last element is <see cref="Responses"/>.</summary>
    public ReadOnlySpan<int> GroupStarts => _groupStarts;

    /// <summary>[B] the group of each response.</summary>
    public ReadOnlySpan<int> GroupOf => _groupOf;

    /// <summary>[B] tokens that count in each response, n_i.</summary>
    public ReadOnlySpan<int> ActiveInRow => _activeInRow;

    /// <summary>[ΣT] true where the token counts; empty when all do.</summary>
    public ReadOnlySpan<bool> Mask => _mask;

    /// <summary>[T_row] true where a token of the response counts; empty when all do.</summary>
    public ReadOnlySpan<bool> RowMask(int row) =>
        _mask is null || _activeInRow[row] == Length(row) ? default : _mask.AsSpan(_rowStarts[row], Length(row));

    /// <summary>True when the token at this flat index counts.</summary>
    public bool IsActive(int token) => _mask is null || _mask[token];

    /// <summary>Length T_i of a response in tokens, masked ones included.</summary>
    public int Length(int row) => _rowStarts[row + 1] - _rowStarts[row];

    /// <summary>Number of responses in a group, G.</summary>
    public int GroupSize(int group) => _groupStarts[group + 1] - _groupStarts[group];

    /// <summary>The same responses with another mask.</summary>
    /// <param name="mask">[ΣT] true where the token counts.</param>
    public TokenLayout WithMask(bool[] mask) =>
        new([.. Enumerable.Range(0, Responses).Select(Length)], [.. Enumerable.Range(0, Groups).Select(GroupSize)], mask);

    /// <summary>Some of the responses; groups keep those of theirs that are among them.</summary>
    /// <param name="rows">Ascending, distinct, in [0, B); at least one.</param>
    /// <exception cref="ArgumentException">The rows are not ascending, or there are none.</exception>
    public TokenLayout Select(IReadOnlyList<int> rows)
    {
        if (rows.Count == 0)
            throw new ArgumentException("A part of a batch needs at least one response, but none was chosen.");
        var sizes = new List<int>();
        var mask = _mask is null ? null : new List<bool>();
        for (var r = 0; r < rows.Count; r++)
        {
            if ((uint)rows[r] >= (uint)Responses || (r > 0 && rows[r] <= rows[r - 1]))
                throw new ArgumentException(
                    $"Chosen responses must be ascending and lie in [0, {Responses}), but number {r} was {rows[r]}."
                );
            if (r > 0 && _groupOf[rows[r]] == _groupOf[rows[r - 1]])
                sizes[^1]++;
            else
                sizes.Add(1);
            mask?.AddRange(_mask.AsSpan(_rowStarts[rows[r]], Length(rows[r])));
        }
        return new TokenLayout([.. rows.Select(Length)], sizes, mask?.ToArray());
    }

    private static int[] Accumulate(IReadOnlyList<int> sizes, int least, string what)
    {
        var starts = new int[sizes.Count + 1];
        for (var i = 0; i < sizes.Count; i++)
        {
            if (sizes[i] < least)
                throw new ArgumentException($"The {what} {i} must be at least {least}, but was {sizes[i]}.");
            starts[i + 1] = starts[i] + sizes[i];
        }
        return starts;
    }
}
