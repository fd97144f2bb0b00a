using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>All lessons are built alike, so that a reader finds every part where it was in the lesson before.</summary>
public sealed partial class SkeletonTests
{
    private static readonly string[] _beginning = ["What you will do", "Set up"],
        _end = ["Break it", "Exercises", "Recap", "Read more"];

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void Headings_begin_and_end_alike_and_skip_no_level(string name)
    {
        var headings = Lesson.Read(name).Headings;
        Assert.Single(headings, h => h.Level == 1);
        Assert.Equal(1, headings[0].Level);
        Assert.All(
            headings.Zip(headings.Skip(1)),
            pair => Assert.True(pair.Second.Level <= pair.First.Level + 1, $"'{pair.Second.Text}' skips a level.")
        );
        var parts = headings.Where(h => h.Level == 2).Select(h => h.Text).ToArray();
        Assert.Equal(_beginning, parts.Take(2));
        Assert.Equal(_end, parts.Where(_end.Contains)); // in this order, each once
        Assert.Equal("Read more", parts[^1]);
        Assert.Equal(parts.Length, parts.Distinct().Count());
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void A_lesson_says_what_it_takes_and_what_it_teaches(string name)
    {
        var lesson = Lesson.Read(name);
        var first = lesson.Notebook.Cells[0];
        Assert.True(first.IsMarkdown);
        Assert.Matches(@"(?m)^\*Runs in .*\*$", first.Source);
        Assert.Contains('?', string.Concat(lesson.Prose.Select(c => c.Source))); // a lesson asks at least one question
        var aims = lesson
            .Section("What you will do")
            .Single()
            .Source.Split('\n')
            .Where(l => l.StartsWith("- ", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(3, aims.Length);
        Assert.All(aims, a => Assert.Matches(@"^- \*\*[A-Z][a-z]+\*\* ", a));
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void The_first_code_cell_sets_up_and_a_tagged_one_holds_the_parameters(string name)
    {
        var code = Lesson.Read(name).Code;
        Assert.Matches(@"^#r ""nuget: UniPo\.Interactive, \d+\.\d+\.\d+""\n", code[0].Source);
        Assert.All(code.Skip(1), c => Assert.DoesNotMatch(@"(?m)^\s*#", c.Source));
        foreach (var line in new[] { "using System.IO;", "using System.Threading;", "using UniPo;", "using UniPo.Interactive;" })
            Assert.Contains(line, code[0].Source);
        var parameters = Assert.Single(code, c => c.Has(CellTag.Parameters));
        Assert.Same(code[1], parameters);
        Assert.All(new[] { "seed", "quick" }, p => Assert.Matches($@"(?m)^\w+ {p} = ", parameters.Source));
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void What_a_reader_may_change_stands_in_the_parameters(string name)
    {
        var parameters = Lesson.Read(name).Code[1].Source;
        Assert.All(new[] { "epsilon", "groupSize", "steps", "taskName" }, p => Assert.Matches($@"(?m)^\w+ {p} = ", parameters));
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void A_prediction_is_asked_for_before_it_is_shown(string name)
    {
        var cells = Lesson.Read(name).Notebook.Cells.ToList();
        var asked = cells.FindIndex(c => c.IsMarkdown && c.Source.Contains("**Predict**", StringComparison.Ordinal));
        var shown = cells.FindIndex(c => c.IsCode && c.Source.Contains("Check.Prediction(", StringComparison.Ordinal));
        Assert.InRange(shown, asked + 1, asked + 3);
        Assert.True(asked > 0);
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void Three_exercises_wait_blank_with_one_to_three_hints_each(string name)
    {
        var cells = Lesson.Read(name).Section("Exercises");
        var code = string.Join('\n', cells.Where(c => c.IsCode).Select(c => c.Source));
        Assert.Equal(3, Turn().Count(code));
        var checks = CSharpSyntaxTree
            .ParseText(code, ScriptSession.ParseOptions)
            .GetRoot()
            .DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Where(i => i.Expression.ToString() == "Check.That")
            .ToArray();
        Assert.Equal(3, checks.Length);
        Assert.All(checks, c => Assert.InRange(c.ArgumentList.Arguments.Count - 3, 1, 3)); // question, answer, rule, then the hints
        Assert.Equal(
            ["First", "Second", "Third"],
            cells.Where(c => c.IsMarkdown).SelectMany(c => Ordinal().Matches(c.Source).Select(m => m.Groups[1].Value))
        );
    }

    [Theory, MemberData(nameof(Lesson.AlgorithmNames), MemberType = typeof(Lesson))]
    public void An_algorithm_is_compared_part_by_part(string name)
    {
        var program = Lesson.Read(name).Program;
        Assert.Contains(" with", program);
        Assert.Contains(".Against(", program);
    }

    [Theory, MemberData(nameof(Lesson.ComparingNames), MemberType = typeof(Lesson))]
    public void Algorithms_are_compared_on_the_same_rollouts_and_in_training(string name)
    {
        var program = Lesson.Read(name).Program;
        Assert.Contains("Compare.OnSameRollouts(", program);
        Assert.Matches(@"Compare\.Train\(|StoredRuns|RunLog\.", program);
    }

    [Theory, MemberData(nameof(Lesson.Names), MemberType = typeof(Lesson))]
    public void The_recap_names_metrics_that_exist(string name)
    {
        var recap = Lesson.Read(name).Section("Recap")[0].Source;
        var metrics = recap.Split('\n').Single(l => l.StartsWith("- Metrics", StringComparison.Ordinal));
        var named = CodeSpan().Matches(metrics).Select(m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, key => Assert.Contains(key, MetricGlossary.All.Select(m => m.Key)));
    }

    [GeneratedRegex("// your turn$", RegexOptions.Multiline)]
    private static partial Regex Turn();

    [GeneratedRegex(@"^\*\*(First|Second|Third)( challenge)?\.\*\*", RegexOptions.Multiline)]
    private static partial Regex Ordinal();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();
}
