using System.Reflection;
using System.Text;
using UniPo.Numerics;

namespace UniPo.Workshop.Docs;

/// <summary>
/// The page <c>docs/glossary.md</c>: words, letters and metrics of the course, from the texts that the views show.
/// </summary>
internal static class GlossaryPage
{
    /// <summary>
    /// The page as Markdown. A test fails when the file in the repository is another; <c>workshop docs</c> writes it anew.
    /// </summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append(
            "# Glossary\n\nWritten from the code by `workshop docs`; do not edit by hand. These are the texts that the views show as tooltips.\n"
        );
        text.Append("Algorithms are explained in [objectives.md](objectives.md).\n\n");
        text.Append(
                string.Join(
                    " · ",
                    Glossary.All.OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Select(t => $"[{t.Name}](#{t.Anchor})")
                )
            )
            .Append('\n');
        foreach (var topic in Glossary.Topics)
        {
            text.Append($"\n## {topic.Title}\n");
            foreach (var term in topic.Terms)
                text.Append($"\n### {term.Name}\n\n{Beside(term)}{Linked(term)}\n");
        }
        Letters(text);
        Metrics(text);
        return text.ToString();
    }

    private static string Beside(GlossaryTerm term)
    {
        string[] beside =
        [
            .. term.Symbol.Length == 0 ? [] : new[] { $"`{term.Symbol}`" },
            .. term.Also.Count == 0 ? [] : new[] { "also: " + string.Join(", ", term.Also) },
        ];
        return beside.Length == 0
            ? ""
            : $"*{string.Join("; ", beside)}.* "
                .Replace("*`", "`", StringComparison.Ordinal)
                .Replace("`.*", "`.", StringComparison.Ordinal);
    }

    private static string Linked(GlossaryTerm term) =>
        string.Concat(
            Glossary.Mark(term.Meaning, except: term).Select(p => p.Term is { } other ? $"[{p.Text}](#{other.Anchor})" : p.Text)
        );

    private static void Letters(StringBuilder text)
    {
        text.Append(
            "\n## Letters of formulas\n\ni is a response, t one of its tokens, g a prompt. Every formula also lists its own letters and settings.\n\n| letter | meaning |\n|---|---|\n"
        );
        var letters = typeof(Quantities)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(p => p.GetValue(null))
            .OfType<Quantity>();
        foreach (var letter in letters.DistinctBy(q => (q.Symbol.ToString(), q.Meaning)))
            text.Append($"| `{letter.Symbol}` | {letter.Meaning} |\n");
    }

    private static void Metrics(StringBuilder text)
    {
        text.Append("\n## Metrics\n\n| metric | in logs | unit | meaning |\n|---|---|---|---|\n");
        foreach (var metric in MetricGlossary.All)
            text.Append($"| {metric.Label} | `{metric.Key}` | {metric.Unit} | {metric.Meaning} |\n");
    }
}
