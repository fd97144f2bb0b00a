using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>Every lesson runs; its exercises wait for the reader, take every right answer and explain a wrong one.</summary>
public sealed class ExerciseTests(LessonRun run) : IClassFixture<LessonRun>
{
    private const string Right = "✓",
        Wrong = "✗",
        Blank = "○",
        Told = "→",
        Hint = "Hint 1 of ";

    /// <summary>Lesson, variable, answer, and whether it is right.</summary>
    public static TheoryData<string, string, string, bool> Answers
    {
        get
        {
            var rows = new TheoryData<string, string, string, bool>();
            foreach (var name in Lesson.Numbered)
            foreach (var answer in Answer.To(name))
                rows.Add(name, answer.Variable, answer.Text, answer.IsRight);
            return rows;
        }
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void A_lesson_runs_to_its_last_cell_without_an_error(string name)
    {
        Assert.Matches($@"(?m)^passed +{name.Replace(".", @"\.", StringComparison.Ordinal)}", run.Said);
        Assert.All(run.Cells(name).Where(c => c.IsCode), c => Assert.NotNull(c.ExecutionCount));
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void A_blank_exercise_fails_its_check_and_offers_a_hint(string name)
    {
        var checks = Own(name, "Check.That(");
        Assert.Equal(3, checks.Length);
        Assert.All(checks, text => Assert.StartsWith(Blank, text));
        Assert.All(checks, text => Assert.Contains(Hint, text));
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void A_prediction_hides_its_answer_until_a_guess_is_given(string name)
    {
        var hidden = Own(name, "Check.Prediction(");
        Assert.NotEmpty(hidden);
        Assert.All(hidden, text => Assert.StartsWith(Blank, text));
        Assert.All(hidden, text => Assert.DoesNotContain("it is", text));
        var told = run.Cells(name)
            .Where(c => c.Id.StartsWith("guessed-", StringComparison.Ordinal))
            .Select(LessonRun.Text)
            .ToArray();
        Assert.Equal(hidden.Length, told.Length);
        Assert.All(told, text => Assert.StartsWith(Told, text));
    }

    [Theory, MemberData(nameof(Answers))]
    public void An_exercise_takes_every_right_answer_and_explains_a_wrong_one(
        string name,
        string variable,
        string text,
        bool isRight
    )
    {
        var shown = run.Shown(name, new Answer(variable, text, isRight));
        Assert.StartsWith(isRight ? Right : Wrong, shown);
        if (!isRight)
            Assert.Contains(Hint, shown);
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void Every_exercise_is_tried_with_a_second_right_answer_and_with_a_wrong_one(string name)
    {
        var answers = Answer.To(name).GroupBy(a => a.Variable).ToArray();
        Assert.Equal(3, answers.Length);
        Assert.All(
            answers,
            a =>
                Assert.True(
                    a.Where(x => x.IsRight).Select(x => x.Text).Distinct().Count() >= 2,
                    $"{name}, {a.Key}: one right answer only."
                )
        );
        Assert.All(answers, a => Assert.Contains(a, x => !x.IsRight));
    }

    // The lesson's own cells, without those added for the test.
    private string[] Own(string name, string call) =>
        [
            .. run.Cells(name)
                .Take(Lesson.Read(name).Notebook.Cells.Count)
                .Where(c => c.IsCode && c.Source.Contains(call, StringComparison.Ordinal))
                .Select(LessonRun.Text),
        ];
}
