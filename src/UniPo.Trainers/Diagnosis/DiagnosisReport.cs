using System.Text;

namespace UniPo;

/// <summary>A run checked against the questions that are asked most, worst findings first.</summary>
public sealed record DiagnosisReport
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>What was checked: the log's own sentence, or the run's name.</summary>
    public required string Subject { get; init; }

    /// <summary>The checks, ill ones first.</summary>
    public required IReadOnlyList<DiagnosisCheck> Checks { get; init; }

    /// <summary>What the reader of the log noted.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The worst verdict among those that could be measured.</summary>
    public Verdict Worst =>
        Checks.Any(c => c.Verdict == Verdict.Ill) ? Verdict.Ill
        : Checks.Any(c => c.Verdict == Verdict.Look) ? Verdict.Look
        : Verdict.Fine;

    /// <summary>The findings in one line: <c>1 ill, 2 to look at, 9 fine, 3 not measured</c>.</summary>
    public string Summary
    {
        get
        {
            int Count(Verdict verdict) => Checks.Count(c => c.Verdict == verdict);
            return FormattableString.Invariant(
                $"{Count(Verdict.Ill)} ill, {Count(Verdict.Look)} to look at, {Count(Verdict.Fine)} fine, {Count(Verdict.NotMeasured)} not measured"
            );
        }
    }

    /// <summary>The report as text of at most 100 columns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Paragraph(text, "", Subject);
        foreach (var note in Notes)
            Paragraph(text, "  ", note);
        text.Append('\n').Append(Summary).Append('\n');
        foreach (var check in Checks.Where(c => c.Verdict != Verdict.NotMeasured))
            Write(check, text);
        if (Checks.Any(c => c.Verdict == Verdict.NotMeasured))
            text.Append("\nNot measured\n");
        foreach (var check in Checks.Where(c => c.Verdict == Verdict.NotMeasured))
            Paragraph(text, "  ", $"{check.Mark} {check.Question} {check.Numbers}");
        return text.ToString();
    }

    private static void Write(DiagnosisCheck check, StringBuilder text)
    {
        text.Append('\n');
        Paragraph(text, "", $"{check.Mark} {check.Question} — {check.Word}");
        if (check.Curve.Count > 1)
            text.Append("  ").Append(Spark(check.Curve)).Append("  ").Append(check.Metric).Append('\n');
        Paragraph(text, "  ", check.Numbers);
        if (check.Verdict == Verdict.Fine)
            return;
        Paragraph(text, "  ", $"Threshold: {check.Threshold} ({check.Source})");
        Paragraph(text, "  ", check.Meaning);
        Paragraph(text, "  ", $"Try: {check.Try}");
        Paragraph(text, "  ", check.Lesson);
    }

    private static void Paragraph(StringBuilder text, string indent, string sentence)
    {
        foreach (var line in WrappedText.Lines(sentence, WrappedText.Width - indent.Length))
            text.Append(indent).Append(line).Append('\n');
    }

    /// <summary>A curve as at most 48 block characters; a gap is a dot.</summary>
    internal static string Spark(IReadOnlyList<double> curve)
    {
        var buckets = Math.Min(48, curve.Count);
        var means = new double[buckets];
        for (var b = 0; b < buckets; b++)
        {
            double[] part =
            [
                .. curve
                    .Skip((int)((long)curve.Count * b / buckets))
                    .Take(Math.Max(1, curve.Count / buckets))
                    .Where(double.IsFinite),
            ];
            means[b] = part.Length == 0 ? double.NaN : part.Average();
        }
        double[] finite = [.. means.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new string('·', buckets);
        var (low, high) = (finite.Min(), finite.Max());
        return string.Concat(
            means.Select(m =>
                !double.IsFinite(m) ? '·'
                : high > low ? Blocks[Math.Clamp((int)((m - low) / (high - low) * 8), 0, 7)]
                : Blocks[3]
            )
        );
    }
}
