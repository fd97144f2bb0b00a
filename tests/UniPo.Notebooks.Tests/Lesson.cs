using System.Reflection;
using System.Text.RegularExpressions;
using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>A notebook of the course, read as text: tests of its form need no run.</summary>
internal sealed partial class Lesson
{
    private Lesson(string path)
    {
        Path = path;
        Notebook = Notebook.Read(path);
        Name = System.IO.Path.GetFileName(path);
    }

    /// <summary>The folder of the lessons.</summary>
    public static string Folder { get; } =
        System.IO.Path.Combine(
            typeof(Lesson)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "RepositoryRoot")
                .Value!,
            "notebooks"
        );

    /// <summary>The numbered lessons.</summary>
    public static TheoryData<string> Names => [.. Numbered];

    /// <summary>The names of the numbered lessons.</summary>
    public static IReadOnlyList<string> Numbered => [.. Files(Folder).Where(n => char.IsDigit(n[0]))];

    /// <summary>Every notebook of the folder, the template included.</summary>
    public static TheoryData<string> AllNames => [.. Files(Folder)];

    /// <summary>Lessons of one algorithm: all but the first look, the comparison of all and the playground.</summary>
    public static TheoryData<string> AlgorithmNames => [.. Numbered.Where(n => n[..2] is not ("00" or "08" or "99"))];

    /// <summary>Lessons that compare algorithms: all but the first look.</summary>
    public static TheoryData<string> ComparingNames => [.. Numbered.Where(n => n[..2] is not "00")];

    /// <summary>The solutions.</summary>
    public static TheoryData<string> SolutionNames => [.. Files(System.IO.Path.Combine(Folder, "solutions"))];

    public string Path { get; }

    public string Name { get; }

    public Notebook Notebook { get; }

    public IReadOnlyList<NotebookCell> Code => [.. Notebook.Cells.Where(c => c.IsCode)];

    public IReadOnlyList<NotebookCell> Prose => [.. Notebook.Cells.Where(c => c.IsMarkdown)];

    /// <summary>All code as one text.</summary>
    public string Program => string.Join('\n', Code.Select(c => c.Source));

    /// <summary>Headings in order: their level and text.</summary>
    public IReadOnlyList<(int Level, string Text)> Headings =>
        [
            .. Prose
                .SelectMany(c => c.Source.Split('\n'))
                .Select(l => Heading().Match(l))
                .Where(m => m.Success)
                .Select(m => (m.Groups[1].Length, m.Groups[2].Value)),
        ];

    public static Lesson Read(string name) => new(System.IO.Path.Combine(Folder, name));

    public static Lesson Solution(string name) => new(System.IO.Path.Combine(Folder, "solutions", name));

    /// <summary>The cells below a heading of level 2, up to the next one.</summary>
    public IReadOnlyList<NotebookCell> Section(string heading)
    {
        var cells = Notebook.Cells.ToList();
        var from = cells.FindIndex(c => c.IsMarkdown && c.Source.Split('\n').Contains("## " + heading));
        if (from < 0)
            return [];
        var to = cells.FindIndex(
            from + 1,
            c => c.IsMarkdown && c.Source.Split('\n').Any(l => l.StartsWith("## ", StringComparison.Ordinal))
        );
        return cells[from..(to < 0 ? cells.Count : to)];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(folder, "*.ipynb").Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^(#{1,6}) (.+)$")]
    private static partial Regex Heading();
}
