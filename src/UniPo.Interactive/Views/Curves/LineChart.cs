namespace UniPo.Interactive;

/// <summary>
/// One or several functions of the same number, computed in a cell: lines with markers, and every point in a table.
/// </summary>
/// <remarks>For curves of training steps, use <see cref="LearningCurves"/>.</remarks>
public sealed record LineChart : View
{
    private static readonly PlotFrame _frame = new(560, 264, 54, 18, 546, 234);

    private readonly double[] _xs;
    private readonly (string Name, double[] Values)[] _lines;

    private LineChart(string title, string x, double[] xs, (string, double[])[] lines) =>
        (Title, X, _xs, _lines) = (title, x, xs, lines);

    /// <summary>What the chart shows.</summary>
    public string Title { get; }

    /// <summary>What the horizontal axis shows.</summary>
    public string X { get; }

    /// <summary>[N] numbers on the horizontal axis, ascending.</summary>
    public IReadOnlyList<double> Xs => _xs;

    /// <summary>Name of each line and its [N] values; NaN is a gap.</summary>
    public IReadOnlyList<(string Name, double[] Values)> Lines => _lines;

    /// <summary>A chart of these lines.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">What the horizontal axis shows.</param>
    /// <param name="xs">At least two numbers, ascending, finite.</param>
    /// <param name="lines">At least one line: its name, and one value for each x; NaN leaves a gap.</param>
    /// <exception cref="ArgumentException">There are too few points, or a line has another number of values.</exception>
    public static LineChart Of(
        string title,
        string x,
        IEnumerable<double> xs,
        params (string Name, IEnumerable<double> Values)[] lines
    )
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(lines);
        double[] at = [.. xs];
        (string Name, double[] Values)[] all = [.. lines.Select(l => (l.Name, l.Values.ToArray()))];
        if (at.Length < 2)
            throw new ArgumentException($"A line chart needs at least 2 points, but was given {at.Length}.");
        for (var i = 0; i < at.Length; i++)
            if (!double.IsFinite(at[i]) || i > 0 && at[i] <= at[i - 1])
                throw new ArgumentException(
                    $"The numbers on the horizontal axis must be finite and ascend, but number {i} is {Numbers.Exact(at[i])}."
                );
        if (all.Length == 0)
            throw new ArgumentException("A line chart needs at least 1 line, but was given none.");
        foreach (var line in all)
            if (line.Values.Length != at.Length)
                throw new ArgumentException($"The line '{line.Name}' has {line.Values.Length} values for {at.Length} points.");
        return new LineChart(title, x, at, all);
    }

    private protected override string Element => "line-chart";

    private protected override string[] StyleSections => ["curves", "plots", "lines", "record"];

    private IReadOnlyList<int> Looks => field ??= Interactive.Looks.Of([.. _lines.Select(l => l.Name)]);

    private protected override IEnumerable<Block> Blocks() =>
        [
            new Heading(VisibleText.Of(Title, 200)),
            new Legend([.. _lines.Select((l, i) => (Looks[i], VisibleText.Of(l.Name), (string?)null))]),
            new Picture(html =>
            {
                html.Open("figure", ("class", "chart")).Line();
                Draw(html);
                html.Close().Line();
            }),
            new Fold("Numbers", Table),
        ];

    private Grid Table
    {
        get
        {
            var columns = _lines.Select(l => Numbers.Alike(l.Values)).Prepend(Numbers.Alike(_xs)).ToArray();
            return new Grid(
                "Every point in numbers",
                [.. _lines.Select(l => l.Name).Prepend(X).Select(n => new Column(VisibleText.Of(n), IsNumber: true))],
                [.. Enumerable.Range(0, _xs.Length).Select(i => new Row([.. columns.Select(c => (Cell)c[i])]))]
            );
        }
    }

    private void Draw(HtmlWriter html)
    {
        var finite = _lines.SelectMany(l => l.Values).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var plot = new PlotArea(
            html,
            _frame,
            Axis.Between(_xs[0], _xs[^1], _frame.Left, _frame.Right, 8),
            Axis.Round(finite.Min(), finite.Max(), _frame.Bottom, _frame.Top, 5)
        );
        plot.Open(
            $"{VisibleText.Of(Title, 200)}, against {VisibleText.Of(X)} from {Numbers.Short(_xs[0])} to {Numbers.Short(_xs[^1])}. "
                + string.Join(
                    " ",
                    _lines.Select(l =>
                        $"{VisibleText.Of(l.Name)}: from {Numbers.Short(l.Values[0])} to {Numbers.Short(l.Values[^1])}."
                    )
                )
        );
        plot.Grid("");
        plot.Text(VisibleText.Of(X), _frame.Right, _frame.Height - 2, "end");
        var xs = _xs.Select(plot.X.At).ToArray();
        for (var s = 0; s < _lines.Length; s++)
        {
            double[] ys = [.. _lines[s].Values.Select(v => double.IsFinite(v) ? plot.Y.At(v) : double.NaN)];
            plot.OpenSeries(Looks[s]);
            plot.Line(Looks[s], LinePlot.Line(xs, ys, 400), dash: LinePlot.Dash(Looks[s]));
            plot.Fill(
                Looks[s],
                _xs.Length <= 24
                    ? string.Concat(
                        xs.Zip(ys).Where(p => double.IsFinite(p.Second)).Select(p => LinePlot.Marker(Looks[s], p.First, p.Second))
                    )
                    : LinePlot.Markers(Looks[s], s, _lines.Length, xs, ys, 400)
            );
            html.Close().Line();
        }
        plot.Close();
    }
}
