using System.Text.RegularExpressions;
using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>An exercise of a lesson: its cells, and the variable that waits for an answer.</summary>
internal sealed partial record Exercise(string Variable, string Blank, IReadOnlyList<NotebookCell> Cells)
{
    /// <summary>The exercises of a lesson in order: the cell with the blank, up to the one that checks it.</summary>
    public static IReadOnlyList<Exercise> Of(Lesson lesson)
    {
        var code = lesson.Section("Exercises").Where(c => c.IsCode).ToList();
        return
        [
            .. from cell in code
            let blank = Turn().Match(cell.Source)
            where blank.Success
            let first = code.IndexOf(cell)
            let last = code.FindIndex(first, c => c.Source.Contains("Check.That(", StringComparison.Ordinal))
            select new Exercise(blank.Groups["name"].Value, blank.Value, code[first..(last + 1)]),
        ];
    }

    /// <summary>The answer that the solution gives.</summary>
    public string Solved(Lesson solution) =>
        Regex.Match(solution.Program, $@"(?m)^{Regex.Escape(Declaration)} = (?<answer>[^;]+);").Groups["answer"].Value;

    /// <summary>The exercise's code with an answer in place of the blank.</summary>
    public IEnumerable<string> With(string answer) =>
        Cells.Select(c => c.Source.Replace(Blank, $"{Declaration} = {answer};", StringComparison.Ordinal));

    private string Declaration => Blank[..Blank.IndexOf(" = ", StringComparison.Ordinal)];

    [GeneratedRegex(@"^\S.* (?<name>\w+) = null; +// your turn$", RegexOptions.Multiline)]
    private static partial Regex Turn();
}
