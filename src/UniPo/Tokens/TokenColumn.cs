namespace UniPo;

/// <summary>One number for every response token of a batch, stored flat in the order of a <see cref="TokenLayout"/>.</summary>
public sealed class TokenColumn
{
    private readonly double[] _values;

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

    /// <summary>Where each response begins.</summary>
    public TokenLayout Layout { get; }

    /// <summary>[ΣT] all numbers, response after response.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The number of one token.</summary>
    /// <param name="row">Response, in [0, B).</param>
    /// <param name="token">Position in the response, in [0, T_row).</param>
    public double this[int row, int token] => Row(row)[token];

    /// <summary>[T_row] the numbers of one response.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(Layout.RowStarts[row], Layout.Length(row));

    /// <summary>The numbers of some responses.</summary>
    /// <param name="rows">Responses, in [0, B).</param>
    /// <param name="layout">The layout of just these responses.</param>
    public TokenColumn Select(IReadOnlyList<int> rows, TokenLayout layout)
    {
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
