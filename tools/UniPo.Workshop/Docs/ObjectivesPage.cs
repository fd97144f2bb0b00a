using UniPo.Formulas;
using System.Text;
using UniPo.Numerics;

namespace UniPo.Workshop.Docs;

/// <summary>
/// The page <c>docs/objectives.md</c>: every algorithm with its formula, parts, settings and source, written by the algorithms
/// themselves.
/// </summary>
internal static class ObjectivesPage
{
    /// <summary>
    /// The page as Markdown. A test fails when the file in the repository is another; <c>workshop docs</c> writes it anew.
    /// </summary>
    /// <param name="trainers">Names of the trainers that an algorithm can be exported to.</param>
    public static string Write(Func<Objective, IReadOnlyList<string>> trainers)
    {
        var text = new StringBuilder();
        text.Append(
            "# Objectives\n\nWritten from the code by `workshop docs`; do not edit by hand. Formulas come from the parts of each algorithm, and the test suite\n"
        );
        text.Append("calculates and differentiates every one of them and compares the result with the code.\n\n");
        text.Append("| algorithm | year | why | exports |\n|---|---|---|---|\n");
        foreach (var algorithm in Algorithms.All)
            text.Append(
                $"| {algorithm.Name} | {algorithm.Year} | {algorithm.Why} | {string.Join(", ", trainers(algorithm))} |\n"
            );
        foreach (var algorithm in Algorithms.All)
            Section(algorithm, text);
        return text.ToString();
    }

    private static void Section(Objective objective, StringBuilder text)
    {
        text.Append(
            $"\n## {objective.Name}\n\n{objective.Why}\n\n```text\n{objective.Formula}\n```\n\n| part | in words |\n|---|---|\n"
        );
        foreach (var part in objective.Parts)
            text.Append($"| {part.Name} | {part.InWords.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        foreach (var setting in objective.Formula.Settings)
            text.Append($"| {setting.Text} = {NumberText.Exact(setting.Value!.Value)} | {setting.Meaning} |\n");
        text.Append($"\nSource: {objective.Paper}.\n");
    }
}
