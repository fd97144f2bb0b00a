using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>What a notebook's file must hold, so that every host opens it and a stored page is a true one.</summary>
public sealed partial class FormatTests
{
    private const int MostBytes = 512 * 1024;
    private const string HowToStore = "run: dotnet run -c Release --project src/UniPo.Cli -- run notebooks --store";

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void A_lesson_names_its_language_for_every_host(string lesson) => NamesItsLanguage(Lesson.Read(lesson));

    [Theory, MemberData(nameof(Lesson.SolutionNames), MemberType = typeof(Lesson))]
    public void A_solution_names_its_language_for_every_host(string lesson) => NamesItsLanguage(Lesson.Solution(lesson));

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Every_cell_has_an_id_of_its_own_and_known_tags(string lesson)
    {
        var cells = Lesson.Read(lesson).Notebook.Cells;
        Assert.All(cells, c => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", c.Id));
        Assert.Equal(cells.Count, cells.Select(c => c.Id).Distinct().Count());
        Assert.All(
            cells.SelectMany(c => c.Tags),
            t => Assert.Contains(t, new[] { CellTag.Parameters, CellTag.RaisesException, CellTag.SkipExecution })
        );
        Assert.All(
            cells,
            c => Assert.True(c.IsCode || c.IsMarkdown, $"Cell {c.Number} is neither code nor prose; raw cells do not travel.")
        );
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void A_notebook_is_small_enough_for_a_repository(string lesson) =>
        Assert.InRange(new FileInfo(Lesson.Read(lesson).Path).Length, 1, MostBytes);

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void A_notebook_carries_the_outputs_of_the_code_that_stands_in_it(string lesson)
    {
        var notebook = Lesson.Read(lesson).Notebook;
        Assert.True(notebook.Stored is not null, $"{lesson} has no outputs; {HowToStore}");
        Assert.True(
            notebook.Stored.Code == StoredRun.CodeOf(notebook),
            $"The code of {lesson} was changed after its outputs were stored; {HowToStore}"
        );
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Stored_outputs_are_those_of_one_run_from_top_to_bottom(string lesson)
    {
        var code = Lesson.Read(lesson).Code;
        Assert.Equal(Enumerable.Range(1, code.Count), code.Select(c => c.ExecutionCount ?? 0));
        Assert.DoesNotContain(code.SelectMany(c => c.Outputs), o => (string?)o!["output_type"] == "error");
        Assert.DoesNotContain(code.SelectMany(c => c.Outputs), o => (string?)o!["name"] == "stderr");
        Assert.All(
            code.SelectMany(c => c.Outputs).Select(o => o!["data"]).OfType<JsonObject>(),
            d => Assert.True(d.ContainsKey("text/plain"), $"An output of {lesson} has no text.")
        );
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Every_value_at_the_end_of_a_cell_is_stored(string lesson) =>
        Assert.All(
            Lesson.Read(lesson).Code.Where(EndsInAValue),
            c => Assert.True(c.Outputs.Count > 0, $"{lesson}, cell {c.Number} shows a value, but none is stored.")
        );

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Stored_outputs_are_those_of_full_runs(string lesson) =>
        Assert.Contains("var quick = false;", Lesson.Read(lesson).Code[1].Source);

    [Theory, MemberData(nameof(Lesson.SolutionNames), MemberType = typeof(Lesson))]
    public void A_solution_is_stored_without_outputs(string lesson) =>
        Assert.All(Lesson.Solution(lesson).Code, c => Assert.Empty(c.Outputs));

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Exercises_and_predictions_are_stored_blank(string lesson)
    {
        var stored = Lesson
            .Read(lesson)
            .Code.Where(c => CheckCall().IsMatch(c.Source))
            .SelectMany(c => c.Outputs)
            .Select(o => o!["data"]?["text/plain"])
            .OfType<JsonNode>();
        Assert.All(stored, text => Assert.StartsWith("○", NotebookText.Join(text)));
    }

    // What stands last without a semicolon is shown.
    private static bool EndsInAValue(NotebookCell cell) =>
        CSharpSyntaxTree
            .ParseText(CellDirectives.Read(cell.Source).Code, ScriptSession.ParseOptions)
            .GetCompilationUnitRoot()
            .Members.LastOrDefault()
            is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } };

    private static void NamesItsLanguage(Lesson lesson)
    {
        var root = JsonNode.Parse(File.ReadAllText(lesson.Path))!;
        Assert.Equal((4, 5), ((int)root["nbformat"]!, (int)root["nbformat_minor"]!));
        Assert.Equal(".net-csharp", (string?)root["metadata"]!["kernelspec"]!["name"]);
        Assert.Equal("C#", (string?)root["metadata"]!["kernelspec"]!["language"]);
        Assert.Equal("polyglot-notebook", (string?)root["metadata"]!["language_info"]!["name"]);
        Assert.Equal("csharp", (string?)root["metadata"]!["polyglot_notebook"]!["kernelInfo"]!["defaultKernelName"]);
        foreach (var cell in root["cells"]!.AsArray().Where(c => (string?)c!["cell_type"] == "code"))
        {
            Assert.Equal("csharp", (string?)cell!["metadata"]!["polyglot_notebook"]!["kernelName"]);
            Assert.Equal("csharp", (string?)cell["metadata"]!["dotnet_interactive"]!["language"]);
        }
    }

    [GeneratedRegex(@"^Check\.", RegexOptions.Multiline)]
    private static partial Regex CheckCall();
}
