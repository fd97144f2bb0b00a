using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>Cells are short, read without scrolling, and compile in every host: the oldest of them knows C# 13.</summary>
public sealed class CodeTests
{
    private const int MostLines = 15,
        MostColumns = 92;

    private static readonly CSharpParseOptions _dialect = ScriptSession.ParseOptions.WithLanguageVersion(
        LanguageVersion.CSharp13
    );

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void A_cell_has_at_most_15_lines_of_at_most_92_columns(string name)
    {
        var lines = Lesson.Read(name).Code.Select(c => (c.Number, Lines: c.Source.TrimEnd().Split('\n'))).ToArray();
        Assert.Empty(lines.Where(c => c.Lines.Length > MostLines).Select(c => $"cell {c.Number} has {c.Lines.Length} lines"));
        Assert.Empty(
            lines.SelectMany(c =>
                c.Lines.Where(l => l.Length > MostColumns).Select(l => $"cell {c.Number}: {l.Length} columns: {l}")
            )
        );
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void A_lesson_compiles_as_CSharp_13_and_every_name_in_it_exists(string name) => Compiles(Lesson.Read(name));

    [Theory, MemberData(nameof(Lesson.SolutionNames), MemberType = typeof(Lesson))]
    public void A_solution_compiles_as_CSharp_13_and_every_name_in_it_exists(string name) => Compiles(Lesson.Solution(name));

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void No_cell_needs_what_only_some_hosts_have(string name)
    {
        var lesson = Lesson.Read(name);
        Assert.All(
            lesson.Code,
            cell =>
            {
                Assert.DoesNotMatch(@"(?m)^\s*(#!|%%|#i\b|#load\b)", cell.Source);
                Assert.DoesNotContain("Console.Error", cell.Source);
                var root = CSharpSyntaxTree.ParseText(CellDirectives.Read(cell.Source).Code, _dialect).GetRoot();
                Assert.DoesNotContain(root.DescendantNodes(), n => n is BaseNamespaceDeclarationSyntax);
                // Display gives a handle in one host and nothing in another.
                Assert.DoesNotContain(
                    root.DescendantNodes().OfType<EqualsValueClauseSyntax>(),
                    e => e.Value.ToString().EndsWith(".Display()", StringComparison.Ordinal)
                );
                // A top-level variable becomes a field, and a span cannot be one.
                Assert.DoesNotContain(
                    root.ChildNodes().OfType<FieldDeclarationSyntax>(),
                    f => f.Declaration.Type.ToString().Contains("Span<", StringComparison.Ordinal)
                );
            }
        );
    }

    [Theory, MemberData(nameof(Lesson.SolutionNames), MemberType = typeof(Lesson))]
    public void A_solution_differs_from_its_lesson_only_where_it_is_the_readers_turn(string name)
    {
        var (lesson, solution) = (Lines(Lesson.Read(name)), Lines(Lesson.Solution(name)));
        var blanks = lesson.Except(solution).ToArray();
        Assert.Equal(Lesson.Numbered.Contains(name) ? 3 : 1, blanks.Length);
        Assert.All(blanks, line => Assert.EndsWith("// your turn", line));
    }

    private static IEnumerable<string> Lines(Lesson lesson) => lesson.Program.Split('\n');

    // Cell after cell, as a host compiles them, but nothing runs.
    private static void Compiles(Lesson lesson)
    {
        var references = new ReferenceSet();
        references.AddOwn("UniPo.Interactive");
        references.AddOwn("UniPo");
        CSharpCompilation? previous = null;
        foreach (var cell in lesson.Code)
        {
            var linked = ScriptSession.Link(CellDirectives.Read(cell.Source).Code, cell.Number, references.All, previous);
            var tree = linked.SyntaxTrees[0];
            previous = linked.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(tree.GetText(), _dialect, tree.FilePath));
            var faults = previous
                .GetDiagnostics()
                .Where(d => d.Severity == DiagnosticSeverity.Error)
                .Select(d => $"{lesson.Name}, cell {cell.Number}: {d}");
            Assert.Empty(faults);
        }
    }
}
