namespace UniPo.Engine;

/// <summary>Rows cut into tiles whose intermediate results stay in a core's cache.</summary>
/// <param name="rows">Rows to cut.</param>
internal ref struct RowTiles(int rows)
{
    /// <summary>Rows of a tile; a multiple of eight.</summary>
    public const int Rows = 128;

    private int _row = -Rows;

    /// <summary>Some neighbouring rows.</summary>
    public readonly record struct Tile(int Row, int Rows);

    public readonly Tile Current => new(_row, Math.Min(Rows, rows - _row));

    public readonly RowTiles GetEnumerator() => this;

    public bool MoveNext() => (_row += Rows) < rows;
}
