using System.Text;

namespace UniPo.Interactive;

/// <summary>Plain text for a terminal, a diff and a screen reader: at most 100 columns, no trailing spaces.</summary>
internal sealed class TextPage
{
    /// <summary>Widest line.</summary>
    public const int Columns = 100;

    private readonly List<string> _lines = [];

    /// <summary>Adds running text, broken at spaces.</summary>
    /// <param name="text">The text.</param>
    /// <param name="indent">Columns before every line after the first.</param>
    public TextPage Line(string text = "", int indent = 0) => Flow(text.Split(' '), indent, first: 0);

    /// <summary>An empty line, where none stands already.</summary>
    public TextPage Gap()
    {
        if (_lines.Count > 0 && _lines[^1].Length > 0)
            _lines.Add("");
        return this;
    }

    /// <summary>Adds pieces that are never broken, as many to a line as fit.</summary>
    public TextPage Flow(IEnumerable<string> pieces, int indent, int? first = null)
    {
        var line = new StringBuilder(new string(' ', first ?? indent));
        var width = line.Length;
        var empty = true;
        foreach (var whole in pieces)
        {
            var piece = VisibleText.Cut(whole, Columns - indent);
            var size = VisibleText.Width(piece);
            if (!empty && width + 1 + size > Columns)
            {
                _lines.Add(line.ToString().TrimEnd());
                line.Clear().Append(' ', indent);
                (width, empty) = (indent, true);
            }
            if (!empty)
            {
                line.Append(' ');
                width++;
            }
            line.Append(piece);
            width += size;
            empty = false;
        }
        _lines.Add(line.ToString().TrimEnd());
        return this;
    }

    /// <summary>
    /// Adds a table: columns as wide as their widest cell, the widest of all cut when the line would be too long.
    /// </summary>
    /// <param name="rows">Rows of cells, the heading first.</param>
    /// <param name="left">Columns aligned to the left; the others are numbers.</param>
    public TextPage Table(IReadOnlyList<string[]> rows, params ReadOnlySpan<int> left)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => VisibleText.Width(r[c]))).ToArray();
        while (widths.Sum() + 2 * (widths.Length - 1) > Columns && widths.Max() > 4)
            widths[Array.IndexOf(widths, widths.Max())]--;
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var c = 0; c < row.Length; c++)
            {
                var cell = VisibleText.Cut(row[c], widths[c]);
                var pad = new string(' ', widths[c] - VisibleText.Width(cell));
                line.Append(c > 0 ? "  " : "").Append(left.Contains(c) ? cell + pad : pad + cell);
            }
            _lines.Add(VisibleText.Cut(line.ToString().TrimEnd(), Columns));
        }
        return this;
    }

    /// <summary>The page, without a line break at its end.</summary>
    public override string ToString() => string.Join('\n', _lines);
}
