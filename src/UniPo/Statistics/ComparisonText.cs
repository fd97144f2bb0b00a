using System.Globalization;
using System.Text;

namespace UniPo;

/// <summary>Writes a comparison as a table for a plain console, at most 100 columns wide.</summary>
internal static class ComparisonText
{
    private const int LongestName = 24,
        Width = 100;

    private static readonly string[] Headings =
    [
        "",
        "before",
        "after ±SE",
        "change ±SE",
        "after, 95 %",
        "against the first",
        "seeds",
        "s",
    ];

    public static string Write(Comparison comparison)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{comparison.Task}, {comparison.Steps} steps: probability of a right answer on held-out prompts\n"
        );
        string[][] rows = [Headings, .. comparison.Summaries.Select(Row)];
        int[] widths = [.. Headings.Select((_, column) => rows.Max(r => r[column].Length))];
        foreach (var row in rows)
            text.Append(
                    string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                        .TrimEnd()
                )
                .Append('\n');
        text.Append(
            "±SE: standard error over seeds. 95 %: bootstrap. Against the first: Student's 95 % interval of\npairs with the same seed."
        );
        foreach (var failed in comparison.Failed)
            text.Append('\n').Append(Cut($"failed: {failed.Algorithm}, seed {failed.Seed}: {failed.Reason}", Width));
        foreach (var note in comparison.Notes)
        foreach (var line in Wrapped($"note: {note}"))
            text.Append('\n').Append(line);
        return text.ToString();
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : $" {word}";
        }
        yield return Cut(line, Width);
    }

    private static string[] Row(AlgorithmSummary s) =>
        [
            Cut(s.Algorithm, LongestName),
            Number(s.Before.Estimate.Mean),
            WithError(s.After.Estimate, ""),
            WithError(s.Gain.Estimate, "+"),
            s.After.Estimate.Count == 1 ? "–" : $"{Number(s.After.Bootstrap.Low)}–{Number(s.After.Bootstrap.High)}",
            s.Against is { } against ? Interval(against.Estimate) : "",
            s.Seeds.Count.ToString(CultureInfo.InvariantCulture),
            s.Seconds.Estimate.Mean.ToString("0.0", CultureInfo.InvariantCulture),
        ];

    private static string Interval(Estimate e) => e.Count == 1 ? Signed(e.Mean) : $"{Signed(e.Mean)} ±{Number(e.High - e.Mean)}";

    private static string WithError(Estimate e, string sign) =>
        (sign == "+" ? Signed(e.Mean) : Number(e.Mean)) + (e.Count == 1 ? "" : $" ±{Number(e.StandardError)}");

    private static string Signed(double value) => value.ToString("+0.000;-0.000", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
