using System.Reflection;
using UniPo.Numerics;

namespace UniPo.Interactive;

/// <summary>A plain table of any record of the library: its fields, or one row for each record of a list.</summary>
/// <remarks>A record that has no picture of its own still deserves better than a folded tree.</remarks>
public sealed record RecordTable : View
{
    private readonly object?[]? _rows;
    private readonly object? _record;

    private RecordTable(object? record, object?[]? rows) => (_record, _rows) = (record, rows);

    /// <summary>The fields of one record.</summary>
    public static RecordTable Of(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new RecordTable(record, null);
    }

    /// <summary>One row for each record.</summary>
    public static RecordTable OfRows(IEnumerable<object?> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return new RecordTable(null, [.. records]);
    }

    /// <summary>Most rows shown, at least 1; the rest is counted.</summary>
    public int MostRows
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(MostRows));
    } = 100;

    /// <summary>What stands above the table; null for the name of the record, or the number of rows.</summary>
    public string? Caption { get; init; }

    /// <summary>True to number the rows. Default true.</summary>
    public bool Numbered { get; init; } = true;

    private protected override string Element => "record-table";

    private protected override string[] StyleSections => ["record"];

    private Type? RowType => _rows?.FirstOrDefault(r => r is not null)?.GetType();

    private string Title =>
        Caption is not null ? VisibleText.Of(Caption, 200)
        : _rows is null ? Fields.Words(_record!.GetType().Name)
        : Numbers.Of(_rows.Length, RowType is { } type ? Fields.Words(type.Name) : "row");

    private const string Empty = "This list is empty, so there are no rows to show.";

    private string? Cut =>
        _rows is { } rows && rows.Length > MostRows
            ? $"{MostRows} of {rows.Length} rows shown. More: with {{ MostRows = {rows.Length} }}."
            : null;

    private protected override IEnumerable<Block> Blocks() =>
        [
            _rows is null ? OfFields(_record!) : OfList(_rows),
            new Notes(_rows is [] ? [Empty] : []),
            new Notes(Cut is { } cut ? [cut] : []),
        ];

    private Grid OfFields(object record) =>
        new(
            Title,
            [new("field") { Names = true }, new("value")],
            [.. Fields.Of(record.GetType()).Select(f => new Row(Fields.Words(f.Name), Fields.Read(f, record)))]
        )
        {
            Titled = true,
            Headed = false,
        };

    private Grid OfList(object?[] all)
    {
        var rows = all[..Math.Min(all.Length, MostRows)];
        PropertyInfo[] properties = RowType is { } type ? [.. Fields.Of(type)] : [];
        var cells = properties.Select(p => Cells(p, rows)).ToArray();
        var first = Numbered ? 0 : 1;
        return new Grid(
            Title,
            [
                .. new Column[]
                {
                    new("#", IsNumber: true) { Names = true, Kind = "sub" },
                }[first..],
                .. properties.Select(p => new Column(Fields.Words(p.Name), Fields.IsNumber(p.PropertyType))),
            ],
            [
                .. Enumerable
                    .Range(0, rows.Length)
                    .Select(r => new Row([.. new Cell[] { Numbers.Count(r) }[first..], .. cells.Select(c => (Cell)c[r])])),
            ]
        )
        {
            Titled = true,
        };
    }

    // A list of objectives holds records of several kinds; a row without the column shows a dash.
    private static string[] Cells(PropertyInfo column, object?[] rows)
    {
        bool Has(object? record) => record is not null && column.DeclaringType!.IsInstanceOfType(record);
        if (Fields.IsReal(column.PropertyType))
            return Numbers.Alike([.. rows.Select(r => Has(r) ? Fields.Real(column, r!) : double.NaN)]);
        return [.. rows.Select(r => Has(r) ? Fields.Read(column, r!) : Numbers.Missing)];
    }
}
