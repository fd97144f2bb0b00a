using System.Globalization;
using System.Net;
using System.Text;
using UniPo.Cli.Terminal;
using UniPo.Interactive.Pages;

namespace UniPo.Cli.Pages;

/// <summary>The page of <c>unipo diagnose</c>: a heading with a mark and a word for each check, its numbers, its curve.</summary>
internal static class DiagnosisPage
{
    private const int Width = 560,
        Height = 90;

    public static string Write(IReadOnlyList<DiagnosisReport> reports)
    {
        var html = new StringBuilder("<h1>Diagnosis</h1>\n");
        foreach (var report in reports)
            Report(report, html);
        var content = new PageContent();
        content.Add(html.ToString());
        return PageFrame.Write(
            "Diagnosis",
            "<header></header>",
            content,
            $"<p>Made by unipo {ProductVersion.OfThisBuild}. This page loads nothing from a network. Thresholds are starting points for a look, not laws.</p>"
        );
    }

    private static void Report(DiagnosisReport report, StringBuilder html)
    {
        var colon = report.Subject.IndexOf(": ", StringComparison.Ordinal);
        var (name, sentence) = colon < 0 ? (report.Subject, "") : (report.Subject[..colon], report.Subject[(colon + 2)..]);
        html.Append(
            $"<h2>{Text(name)}</h2>\n{(sentence.Length == 0 ? "" : $"<p>{Text(sentence)}</p>\n")}<p><strong>{Text(report.Summary)}</strong></p>\n"
        );
        if (report.Notes.Count > 0)
            html.Append("<ul>").Append(string.Concat(report.Notes.Select(n => $"<li>{Text(n)}</li>"))).Append("</ul>\n");
        foreach (var check in report.Checks.Where(c => c.Verdict != Verdict.NotMeasured))
            Check(check, html);
        var missing = report.Checks.Where(c => c.Verdict == Verdict.NotMeasured).ToArray();
        if (missing.Length == 0)
            return;
        html.Append("<h3>Not measured</h3>\n<ul>");
        foreach (var check in missing)
            html.Append($"<li>{Text(check.Question)} {Text(check.Numbers)}</li>");
        html.Append("</ul>\n");
    }

    private static void Check(DiagnosisCheck check, StringBuilder html)
    {
        html.Append($"<section>\n<h3>{check.Mark} {Text(check.Question)} <small>{check.Word}</small></h3>\n");
        Curve(check, html);
        html.Append($"<p>{Text(check.Numbers)}</p>\n");
        // What a fine check would have meant is there for who asks, without standing in the way.
        html.Append(check.Verdict == Verdict.Fine ? "<details><summary>What this check looks at</summary>" : "");
        html.Append("<dl>");
        foreach (
            var (name, value) in new[]
            {
                ("Threshold", $"{check.Threshold} ({check.Source})"),
                ("Meaning", check.Meaning),
                ("Try", check.Try),
                ("Taught in", check.Lesson),
            }
        )
            html.Append($"<dt>{name}</dt><dd>{Text(value)}</dd>");
        html.Append("</dl>").Append(check.Verdict == Verdict.Fine ? "</details>" : "").Append("\n</section>\n");
    }

    private static void Curve(DiagnosisCheck check, StringBuilder html)
    {
        double[] finite = [.. check.Curve.Where(double.IsFinite)];
        if (finite.Length < 2)
            return;
        var (low, high) = (finite.Min(), finite.Max());
        var (first, span) = (check.Steps[0], Math.Max(1, check.Steps[^1] - check.Steps[0]));
        var path = new StringBuilder();
        foreach (var i in Enumerable.Range(0, check.Curve.Count).Where(i => i % Math.Max(1, check.Curve.Count / 500) == 0))
        {
            var x = (check.Steps[i] - first) * (double)Width / span;
            var y = high > low ? Height - 4 - (check.Curve[i] - low) / (high - low) * (Height - 8) : Height / 2.0;
            path.Append(string.Create(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? "M" : "L")}{x:0.#} {y:0.#}"));
        }
        var label = string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Metric}, steps {first} to {check.Steps[^1]}, from {low:g4} to {high:g4}"
        );
        html.Append(
            $"<figure><svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{Text(label)}\" style=\"max-width:100%;border-left:1px solid;border-bottom:1px solid\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.75\"/></svg><figcaption>{Text(label)}</figcaption></figure>\n"
        );
    }

    private static string Text(string text) => WebUtility.HtmlEncode(TerminalLines.Of(text));
}
