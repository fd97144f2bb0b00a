namespace UniPo.Notebooks.Tests;

/// <summary>An answer to an exercise, as a reader could write it.</summary>
/// <param name="Variable">The exercise: the variable that it fills.</param>
/// <param name="Text">A C# expression.</param>
/// <param name="IsRight">Whether the exercise must accept it.</param>
internal sealed record Answer(string Variable, string Text, bool IsRight)
{
    /// <summary>All answers tried on a lesson: those of <c>Answers/LESSON.txt</c>, and the solution's.</summary>
    /// <remarks>The file names a variable, and below it one answer a line: <c>+</c> for a right one, <c>-</c> for a wrong one.</remarks>
    public static IReadOnlyList<Answer> To(string lesson)
    {
        var solution = Lesson.Solution(lesson);
        var answers = Exercise.Of(Lesson.Read(lesson)).Select(e => new Answer(e.Variable, e.Solved(solution), true)).ToList();
        var variable = "";
        foreach (var line in File.ReadAllLines(PathOf(lesson)).Where(l => l.Length > 0))
            if (line[..2] is "+ " or "- ")
                answers.Add(new Answer(variable, line[2..], line[0] == '+'));
            else
                variable = line;
        return answers;
    }

    private static string PathOf(string lesson) =>
        Path.Combine(Lesson.Folder, "..", "tests", "UniPo.Notebooks.Tests", "Answers", Path.ChangeExtension(lesson, ".txt"));
}
