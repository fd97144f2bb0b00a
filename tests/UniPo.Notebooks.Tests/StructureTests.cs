using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace UniPo.Notebooks.Tests;

/// <summary>What every lesson's file must hold, so that all hosts open it and its links lead somewhere.</summary>
public sealed partial class StructureTests
{
    private static readonly string _folder = Path.Combine(
        typeof(StructureTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot")
            .Value!,
        "notebooks"
    );

    public static TheoryData<string> Lessons => [.. Directory.GetFiles(_folder, "*.ipynb").Select(f => Path.GetFileName(f)!)];

    [Theory, MemberData(nameof(Lessons))]
    public void A_lesson_is_a_CSharp_notebook_for_every_host(string lesson)
    {
        var notebook = Read(lesson);
        Assert.Equal(4, notebook.GetProperty("nbformat").GetInt32());
        Assert.Equal(".net-csharp", notebook.GetProperty("metadata").GetProperty("kernelspec").GetProperty("name").GetString());
        var code = Cells(notebook, "code");
        Assert.All(
            code,
            c =>
                Assert.Equal(
                    "csharp",
                    c.GetProperty("metadata").GetProperty("polyglot_notebook").GetProperty("kernelName").GetString()
                )
        );
        var ids = notebook.GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory, MemberData(nameof(Lessons))]
    public void A_lesson_has_one_title_and_one_parameters_cell_with_seed_and_quick(string lesson)
    {
        var notebook = Read(lesson);
        Assert.Single(
            Cells(notebook, "markdown").SelectMany(c => Source(c).Split('\n')),
            l => l.StartsWith("# ", StringComparison.Ordinal)
        );
        var parameters = Assert.Single(Cells(notebook, "code"), c => Tags(c).Contains("parameters"));
        Assert.Matches(@"\bseed\s*=", Source(parameters));
        Assert.Matches(@"\bquick\s*=", Source(parameters));
    }

    [Theory, MemberData(nameof(Lessons))]
    public void Every_link_to_another_file_leads_to_one(string lesson)
    {
        var links = Cells(Read(lesson), "markdown").SelectMany(c => Link().Matches(Source(c)).Select(m => m.Groups[1].Value));
        Assert.All(
            links.Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith('#')),
            l => Assert.True(File.Exists(Path.Combine(_folder, l)), $"{lesson} links to {l}, which does not exist.")
        );
    }

    [Theory, MemberData(nameof(Lessons))]
    public void No_cell_needs_a_magic_command_of_one_host(string lesson) =>
        Assert.All(Cells(Read(lesson), "code"), c => Assert.DoesNotMatch(@"(?m)^\s*(#!|%%)", Source(c)));

    private static JsonElement Read(string lesson) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, lesson))).RootElement;

    private static JsonElement[] Cells(JsonElement notebook, string kind) =>
        [.. notebook.GetProperty("cells").EnumerateArray().Where(c => c.GetProperty("cell_type").GetString() == kind)];

    private static string Source(JsonElement cell) =>
        string.Concat(cell.GetProperty("source").EnumerateArray().Select(l => l.GetString()));

    private static string[] Tags(JsonElement cell) =>
        cell.GetProperty("metadata").TryGetProperty("tags", out var tags)
            ? [.. tags.EnumerateArray().Select(t => t.GetString()!)]
            : [];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
