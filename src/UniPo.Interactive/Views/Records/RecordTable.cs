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

    private IReadOnlyList<PropertyInfo> Columns() => RowType is { } type ? Fields.Of(type) : [];

    private protected override void WriteHtml(HtmlWriter html)
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", Title)).Open("table");
        html.Open("caption").Element("span", Title, ("class", "title")).Close().Line();
        if (_rows is null)
            WriteFields(html);
        else
            WriteRows(html);
        html.Close().Close().Line();
        if (_rows is [])
            html.Element("p", Empty, ("class", "note")).Line();
        if (Cut is { } cut)
            html.Element("p", cut, ("class", "note")).Line();
    }

    private void WriteFields(HtmlWriter html)
    {
        html.Open("tbody", ("class", "fields")).Line();
        foreach (var field in Fields.Of(_record!.GetType()))
            html.Open("tr")
                .Element("th", Fields.Words(field.Name), ("scope", "row"))
                .Element("td", Fields.Read(field, _record))
                .Close()
                .Line();
        html.Close();
    }

    private void WriteRows(HtmlWriter html)
    {
        var columns = Columns();
        html.Open("thead").Open("tr");
        if (Numbered)
            html.Element("th", "#", ("scope", "col"));
        foreach (var column in columns)
            html.Element(
                "th",
                Fields.Words(column.Name),
                ("scope", "col"),
                ("class", Fields.IsNumber(column.PropertyType) ? "num" : null)
            );
        html.Close().Close().Open("tbody", ("class", "rows")).Line();
        for (var r = 0; r < Math.Min(_rows!.Length, MostRows); r++)
        {
            html.Open("tr");
            if (Numbered)
                html.Element("th", Numbers.Count(r), ("scope", "row"), ("class", "sub"));
            foreach (var column in columns)
                html.Element("td", Cell(column, _rows[r]), ("class", Fields.IsNumber(column.PropertyType) ? "num" : null));
            html.Close().Line();
        }
        html.Close();
    }

    private protected override void WriteText(TextPage page)
    {
        page.Line(Title);
        if (_rows is null)
            page.Table(
                [.. Fields.Of(_record!.GetType()).Select(f => (string[])["  " + Fields.Words(f.Name), Fields.Read(f, _record)])],
                0,
                1
            );
        else if (_rows.Length > 0)
        {
            var columns = Columns();
            page.Table(
                [
                    (string[])[.. Number("#"), .. columns.Select(c => Fields.Words(c.Name))],
                    .. _rows
                        .Take(MostRows)
                        .Select((r, i) => (string[])[.. Number(Numbers.Count(i)), .. columns.Select(c => Cell(c, r))]),
                ],
                [
                    .. columns
                        .Select((c, i) => (c, i))
                        .Where(p => !Fields.IsNumber(p.c.PropertyType))
                        .Select(p => p.i + (Numbered ? 1 : 0)),
                ]
            );
        }
        if (_rows is [])
            page.Line(Empty);
        if (Cut is { } cut)
            page.Line(cut);
    }

    private IEnumerable<string> Number(string text) => Numbered ? [text] : [];

    // A list of objectives holds records of several kinds; a row without the column shows a dash.
    private static string Cell(PropertyInfo column, object? record) =>
        record is not null && column.DeclaringType!.IsInstanceOfType(record) ? Fields.Read(column, record) : Numbers.Missing;
}
