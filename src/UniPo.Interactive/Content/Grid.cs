namespace UniPo.Interactive;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its heading; empty for a drawing without one.</param>
/// <param name="IsNumber">True when its cells stand on the right.</param>
/// <param name="Word">What the glossary calls it, where that is not the heading.</param>
internal sealed record Column(string Heading, bool IsNumber = false, string? Word = null)
{
    /// <summary>True when its cells name their row.</summary>
    public bool Names { get; init; }

    /// <summary>False for a column that only a page has, such as a drawing.</summary>
    public bool InText { get; init; } = true;

    /// <summary>False for a column that only the text has.</summary>
    public bool InHtml { get; init; } = true;

    /// <summary>Class of its cells.</summary>
    public string? Kind { get; init; }

    /// <summary>The name that a cell carries where a narrow page shows no headings.</summary>
    public string? Narrow { get; init; }

    /// <summary>Class of heading and cells.</summary>
    public string? Class =>
        Kind is null ? (IsNumber ? "num" : null)
        : IsNumber ? "num " + Kind
        : Kind;
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Sub">What it says besides, smaller; null for nothing.</param>
internal sealed record Cell(string Text, string? Sub = null)
{
    /// <summary>Draws the cell's content on a page instead of its text; null for the text.</summary>
    public Action<HtmlWriter>? Draw { get; init; }

    /// <summary>A cell with a text.</summary>
    public static implicit operator Cell(string text) => new(text);

    /// <summary>The cell in one line.</summary>
    public override string ToString() => Sub is null ? Text : $"{Text} {Sub}";
}

/// <summary>A row of a table.</summary>
/// <param name="Cells">One for each column.</param>
internal sealed record Row(params IReadOnlyList<Cell> Cells)
{
    /// <summary>Class of the row.</summary>
    public string? Kind { get; init; }

    /// <summary>Number of the curve that the row is about; null for none.</summary>
    public int? Series { get; init; }
}

/// <summary>A table: the same rows as HTML and as text.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record Grid(string Caption, IReadOnlyList<Column> Columns, IReadOnlyList<Row> Rows) : Block
{
    /// <summary>True when the caption can be seen; otherwise it is for screen readers, where a heading says it already.</summary>
    public bool Titled { get; init; }

    /// <summary>What stands beside a caption that can be seen; null for nothing.</summary>
    public string? Sub { get; init; }

    /// <summary>False for a table whose rows say themselves what they are: no headings, and words instead of numbers.</summary>
    public bool Headed { get; init; } = true;

    /// <summary>Class of the box around it.</summary>
    public string? Kind { get; init; }

    /// <summary>Class of the table.</summary>
    public string? TableKind { get; init; }

    /// <inheritdoc/>
    public override void Write(HtmlWriter html)
    {
        var kind = Kind is null ? "scroll" : "scroll " + Kind;
        html.Open("div", ("class", kind), ("tabindex", "0"), ("role", "group"), ("aria-label", Caption))
            .Open("table", ("class", TableKind));
        html.Open("caption", ("class", Titled ? null : "gone"));
        if (Titled)
            html.Element("span", Caption, ("class", "title"));
        else
            html.Text(Caption);
        if (Sub is not null)
            html.Text(" ").Element("span", Sub, ("class", "sub"));
        html.Close().Line();
        if (Headed)
            Head(html);
        html.Open("tbody", ("class", Headed ? "rows" : "fields")).Line();
        foreach (var row in Rows)
            Line(html, row);
        html.Close().Close().Close().Line();
    }

    private void Head(HtmlWriter html)
    {
        html.Open("thead").Open("tr");
        foreach (var column in Columns.Where(c => c.InHtml))
            html.Term("th", column.Heading, column.Word, ("scope", "col"), ("class", column.Class));
        html.Close().Close().Line();
    }

    private void Line(HtmlWriter html, Row row)
    {
        html.Open("tr", ("class", row.Kind), ("data-series", row.Series is { } series ? Numbers.Count(series) : null));
        for (var c = 0; c < Columns.Count; c++)
        {
            var (column, cell) = (Columns[c], row.Cells[c]);
            if (!column.InHtml)
                continue;
            html.Open(
                column.Names ? "th" : "td",
                ("scope", column.Names ? "row" : null),
                ("class", column.Class),
                ("data-name", column.Narrow)
            );
            if (cell.Draw is { } draw)
                draw(html);
            else
                html.Text(cell.Text);
            if (cell.Sub is { Length: > 0 } sub)
                html.Text(" ").Element("span", sub, ("class", "sub"));
            html.Close();
        }
        html.Close().Line();
    }

    /// <inheritdoc/>
    public override void Write(TextPage page)
    {
        if (Titled)
            page.Line(Sub is null ? Caption : $"{Caption} ({Sub})");
        else
            page.Gap();
        int[] shown = [.. Enumerable.Range(0, Columns.Count).Where(c => Columns[c].InText)];
        string[][] rows = [.. Rows.Select(r => (string[])[.. shown.Select(c => r.Cells[c].ToString())])];
        if (rows.Length == 0)
            return;
        int[] left = [.. Enumerable.Range(0, shown.Length).Where(i => !Columns[shown[i]].IsNumber)];
        page.Table(
            Headed
                ?
                [
                    [.. shown.Select(c => Columns[c].Heading)],
                    .. rows,
                ]
                : rows,
            left
        );
    }
}
