namespace UniPo.Interactive;

/// <summary>
/// Draws a moment: one row an answer, one column a step. The script keeps one column and moves its bars.
/// </summary>
internal sealed class MomentHtml(MomentContent content, HtmlWriter html)
{
    private const int Tube = 76,
        Rail = 120;
    private static readonly PlotFrame _frame = new(560, 230, 40, 10, 490, 204);

    public void Write()
    {
        html.Open("div", ("class", "scene")).Line();
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", "The group, step by step"))
            .Open("table", ("class", "stage"));
        html.Open("caption")
            .Element(
                "span",
                $"height: probability; ▲ pushed up, ▼ pushed down{(content.Colouring.Unit.Length > 0 ? ", in " + content.Colouring.Unit : "")}",
                ("class", "sub")
            )
            .Close();
        html.Open("thead").Open("tr");
        html.Element("th", "answer", ("scope", "col"));
        foreach (var frame in content.Stills)
            html.Element("th", $"step {Numbers.Count(content.Frames[frame].Step)}", ("scope", "col"));
        html.Close().Close().Line();
        html.Open("tbody").Line();
        for (var a = 0; a < content.Answers.Count; a++)
            Answer(a);
        html.Close().Close().Close().Line();
        if (content.Frames.Count > 1)
            Curves();
        html.Close().Line();
    }

    private void Answer(int a)
    {
        var answer = content.Answers[a];
        var right = content.IsRight(a);
        html.Open("tr", ("class", right ? "right" : "wrong"));
        html.Open("th", ("scope", "row")).Element("b", content.Text(a), ("class", "mono"));
        if (answer.Times > 1)
            html.Text(" ").Element("span", $"× {Numbers.Count(answer.Times)}", ("class", "sub"));
        html.Element("div", $"{(right ? "✓" : "✗")} reward {Numbers.Short(answer.Response.Reward)}", ("class", "sub")).Close();
        foreach (var frame in content.Stills)
            Cell(frame, a);
        html.Close().Line();
    }

    private void Cell(int frame, int a)
    {
        html.Open("td");
        var (report, row) = (content.Frames[frame].Report, content.Frames[frame].Rows[a]);
        html.Open("div", ("class", "bars"));
        for (var i = 0; i < Math.Min(content.Answers[a].Response.Length, MomentContent.MostTokens); i++)
        {
            var token = row < 0 ? -1 : report.Batch.Layout.RowStarts[row] + i;
            Bar(
                VisibleText.OfToken(content.Answers[a].Response.Symbols[i]),
                token < 0 ? double.NaN : Math.Exp(report.Batch.LogProbs.Values[token]),
                token < 0 ? double.NaN : report.Weight.Values[token]
            );
        }
        if (content.Answers[a].Response.Length > MomentContent.MostTokens)
            html.Element("span", $"and {content.Answers[a].Response.Length - MomentContent.MostTokens} more", ("class", "sub"));
        html.Close();
        Whole(content.Probability(frame, a));
        html.Close().Line();
    }

    private void Bar(string symbol, double probability, double weight)
    {
        html.Open("span", ("class", "bar-of"));
        html.Open(
            "svg",
            ("class", "tube"),
            ("width", "32"),
            ("height", Numbers.Count(Tube)),
            ("viewBox", $"0 0 32 {Tube}"),
            ("preserveAspectRatio", "none"),
            ("aria-hidden", "true")
        );
        var height = (double.IsFinite(probability) ? probability : 0) * Tube;
        html.Shape(
            "rect",
            ("class", content.Colouring.Class(weight) ?? "off"),
            ("fill", Fill(weight)),
            ("width", "32"),
            ("y", Numbers.At(Tube - height)),
            ("height", Numbers.At(height))
        );
        html.Close();
        html.Element("b", symbol).Text(" ").Element("small", Numbers.Share(probability));
        html.Text(" ").Element("small", double.IsFinite(weight) ? Push(weight) : "", ("class", "push")).Close().Text(" ");
    }

    private string Fill(double weight) =>
        Palette.Signed((int)Math.Round(content.Colouring.Position(weight) * Palette.Levels), dark: false).ToString();

    // The sign as a glyph, so that the direction is seen without colour.
    private string Push(double weight) =>
        (
            weight > 0 ? "▲ "
            : weight < 0 ? "▼ "
            : ""
        ) + content.Colouring.Label(Math.Abs(weight)).TrimStart('+');

    private void Whole(double probability)
    {
        html.Open("div", ("class", "whole"));
        html.Open(
            "svg",
            ("class", "rail"),
            ("width", Numbers.Count(Rail)),
            ("height", "8"),
            ("viewBox", $"0 0 {Rail} 8"),
            ("preserveAspectRatio", "none"),
            ("aria-hidden", "true")
        );
        html.Shape("rect", ("fill", "#dddddd"), ("class", "bed"), ("width", Numbers.Count(Rail)), ("height", "8"));
        html.Shape(
            "rect",
            ("fill", "#555555"),
            ("width", Numbers.At(double.IsFinite(probability) ? Rail * probability : 0)),
            ("height", "8")
        );
        html.Close().Text(" ").Element("span", Numbers.Share(probability), ("class", "share")).Close();
    }

    /// <summary>The probability of each answer over the steps: where one overtakes the other.</summary>
    private void Curves()
    {
        var steps = content.Frames.Select(f => f.Step).ToArray();
        var plot = new PlotArea(
            html,
            _frame,
            Axis.Steps(steps[0], steps[^1], _frame.Left, _frame.Right, 8),
            Axis.Between(0, 1, _frame.Bottom, _frame.Top, 4)
        );
        html.Open("figure", ("class", "chart race")).Open("figcaption").Element("b", "Probability of each answer").Close();
        plot.Open("Probability of each answer over the steps: " + string.Join("; ", content.Captions.Select(c => c.Text)));
        plot.Grid("step");
        double[] xs = [.. steps.Select(s => plot.X.At(s))];
        // Labels at the ends of the lines, pushed apart where lines end close together.
        var ends = new List<double>();
        for (var a = 0; a < content.Answers.Count; a++)
        {
            var right = content.IsRight(a);
            double[] ys =
            [
                .. Enumerable
                    .Range(0, steps.Length)
                    .Select(f => content.Probability(f, a))
                    .Select(p => double.IsFinite(p) ? plot.Y.At(p) : LinePlot.Unmeasured),
            ];
            html.Open("g", ("class", right ? "raise" : "lower"));
            plot.Line(
                Palette.Push(right, dark: false).ToString(),
                LinePlot.Line(xs, ys, int.MaxValue),
                right ? "2.5" : "1.75",
                dash: LinePlot.Dash(right ? 0 : a)
            );
            html.Close();
            var end = ys.LastOrDefault(y => double.IsFinite(y), double.NaN);
            while (ends.Exists(e => Math.Abs(e - end) < 12))
                end -= 12;
            ends.Add(end);
            if (double.IsFinite(end))
                plot.Text(content.Text(a), _frame.Right + 6, end + 4, "start");
        }
        plot.Close();
        html.Close().Line();
    }
}
