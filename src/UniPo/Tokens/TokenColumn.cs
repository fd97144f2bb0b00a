namespace UniPo;

/// <summary>One number for every response token of a batch, stored flat in the order of a <see cref="TokenLayout"/>.</summary>
public sealed class TokenColumn
{
    private double[]? _values;

    /// <summary>Wraps numbers that already lie in the layout's order; the array is not copied.</summary>
    /// <param name="layout">Where each response begins.</param>
    /// <param name="values">[ΣT] one number a token.</param>
    /// <exception cref="ArgumentException">The array's length is not the layout's number of tokens.</exception>
    public TokenColumn(TokenLayout layout, double[] values)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != layout.Tokens)
            throw new ArgumentException(
                $"A column needs one number for each of the {layout.Tokens} tokens, but {values.Length} were given."
            );
        Layout = layout;
        _values = values;
    }

    private TokenColumn(double[] shares, TokenLayout layout) => (Layout, Shares) = (layout, shares);

    /// <summary>One number a response, shared by all of its tokens that count; masked tokens hold 0.</summary>
    /// <param name="layout">Where each response begins.</param>
    /// <param name="shares">[B] one number a response; not copied.</param>
    /// <remarks>It takes no room for its tokens until someone asks for <see cref="Values"/>.</remarks>
    /// <exception cref="ArgumentException">There is not one number for each response.</exception>
    public static TokenColumn PerResponse(TokenLayout layout, double[] shares)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Length != layout.Responses)
            throw new ArgumentException(
                $"A shared column needs one number for each of the {layout.Responses} responses, but {shares.Length} were given."
            );
        return new TokenColumn(shares, layout);
    }

    /// <summary>The same numbers, stored once a response where all of its tokens that count share one.</summary>
    /// <param name="layout">Where each response begins.</param>
    /// <param name="values">[ΣT] one number a token, 0 where it is masked.</param>
    internal static TokenColumn SharedWherePossible(TokenLayout layout, double[] values)
    {
        var shares = new double[layout.Responses];
        for (var row = 0; row < shares.Length; row++)
        {
            var tokens = values.AsSpan(layout.RowStarts[row], layout.Length(row));
            var mask = layout.RowMask(row);
            var first = mask.Length == 0 ? 0 : mask.IndexOf(true);
            if (first < 0 || tokens.Length == 0)
                continue;
            shares[row] = tokens[first];
            for (var t = 0; t < tokens.Length; t++)
                if ((mask.Length == 0 || mask[t]) && tokens[t] != shares[row])
                    return new TokenColumn(layout, values);
        }
        return PerResponse(layout, shares);
    }

    /// <summary>Where each response begins.</summary>
    public TokenLayout Layout { get; }

    /// <summary>[B] the numbers of a column that all tokens of a response share; null when each token has its own.</summary>
    internal double[]? Shares { get; }

    /// <summary>How many numbers the column holds in memory.</summary>
    internal int Stored => _values?.Length ?? Shares!.Length;

    /// <summary>[ΣT] all numbers, response after response.</summary>
    public ReadOnlySpan<double> Values => _values ?? Spread();

    /// <summary>The number of one token.</summary>
    /// <param name="row">Response, in [0, B).</param>
    /// <param name="token">Position in the response, in [0, T_row).</param>
    public double this[int row, int token] => Row(row)[token];

    /// <summary>[T_row] the numbers of one response.</summary>
    public ReadOnlySpan<double> Row(int row) => Values.Slice(Layout.RowStarts[row], Layout.Length(row));

    /// <summary>[T_row] the numbers of one response, without spreading the others.</summary>
    /// <param name="row">Response, in [0, B).</param>
    /// <param name="room">At least T_row numbers, overwritten when they are needed.</param>
    internal ReadOnlySpan<double> Row(int row, Span<double> room)
    {
        if (_values is not null || Shares is null)
            return Row(row);
        var numbers = room[..Layout.Length(row)];
        numbers.Fill(Shares[row]);
        Masked.Clear(Layout.RowMask(row), numbers);
        return numbers;
    }

    // Two threads may both spread the numbers; they write the same ones, and the first array stays.
    private double[] Spread()
    {
        var values = GC.AllocateUninitializedArray<double>(Layout.Tokens);
        for (var row = 0; row < Layout.Responses; row++)
        {
            var numbers = values.AsSpan(Layout.RowStarts[row], Layout.Length(row));
            numbers.Fill(Shares![row]);
            Masked.Clear(Layout.RowMask(row), numbers);
        }
        return Interlocked.CompareExchange(ref _values, values, null) ?? values;
    }

    /// <summary>The numbers of some responses.</summary>
    /// <param name="rows">Responses, in [0, B).</param>
    /// <param name="layout">The layout of just these responses.</param>
    public TokenColumn Select(IReadOnlyList<int> rows, TokenLayout layout)
    {
        if (Shares is { } shares)
            return PerResponse(layout, [.. rows.Select(row => shares[row])]);
        var values = new double[layout.Tokens];
        for (var r = 0; r < rows.Count; r++)
            Row(rows[r]).CopyTo(values.AsSpan(layout.RowStarts[r]));
        return new TokenColumn(layout, values);
    }

    /// <summary>A column from one array per response.</summary>
    /// <exception cref="ArgumentException">A row's length is not the response's.</exception>
    public static TokenColumn FromRows(TokenLayout layout, IReadOnlyList<double[]> rows)
    {
        if (rows.Count != layout.Responses)
            throw new ArgumentException($"The batch has {layout.Responses} responses, but {rows.Count} rows were given.");
        for (var row = 0; row < rows.Count; row++)
            if (rows[row].Length != layout.Length(row))
                throw new ArgumentException(
                    $"Response {row} has {layout.Length(row)} tokens, but {rows[row].Length} numbers were given for it."
                );
        return new TokenColumn(layout, [.. rows.SelectMany(r => r)]);
    }
}
