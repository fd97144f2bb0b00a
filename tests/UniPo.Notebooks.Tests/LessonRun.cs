using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UniPo.Cli;
using UniPo.Cli.Notebooks;

namespace UniPo.Notebooks.Tests;

/// <summary>All lessons, run once with <c>--quick</c> by the command line, with cells added at their ends: each exercise again with every answer that is tried.</summary>
public sealed partial class LessonRun : IAsyncLifetime
{
    /// <summary>A guess that no prediction comes out at.</summary>
    public const double Guess = 12345;

    // Inside the repository, where a lesson finds the stored runs.
    private readonly string _folder = Directory
        .CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"lessons-{Guid.NewGuid():N}"))
        .FullName;
    private readonly Dictionary<string, IReadOnlyList<NotebookCell>> _cells = [];

    /// <summary>What the command line said.</summary>
    public string Said { get; private set; } = "";

    /// <summary>The executed cells of a lesson: first its own, then those added.</summary>
    internal IReadOnlyList<NotebookCell> Cells(string lesson)
    {
        if (_cells.TryGetValue(lesson, out var cells))
            return cells;
        return _cells[lesson] = Notebook.Read(Path.Combine(_folder, "executed", lesson)).Cells;
    }

    /// <summary>What the added cells with this answer showed at their end.</summary>
    internal string Shown(string lesson, Answer answer) => Text(Cells(lesson).Single(c => c.Id == Id(answer)));

    /// <summary>What a cell showed at its end, as text.</summary>
    internal static string Text(NotebookCell cell) =>
        cell.Outputs.LastOrDefault()?["data"]?["text/plain"] is { } text ? NotebookText.Join(text) : "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        foreach (var name in Lesson.Numbered)
            Write(name);
        // In a process of its own, as a reader calls it.
        var start = new ProcessStartInfo(DotNetHost.Path)
        {
            ArgumentList =
            {
                "exec",
                typeof(CommandLine).Assembly.Location,
                "run",
                _folder,
                "--quick",
                "--jobs",
                "2",
                "--output",
                Path.Combine(_folder, "executed"),
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Said = await output + await error;
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private void Write(string name)
    {
        var lesson = Lesson.Read(name);
        var root = JsonNode.Parse(File.ReadAllText(lesson.Path))!;
        var cells = root["cells"]!.AsArray();
        foreach (var cell in lesson.Code.Where(c => c.Source.Contains("Check.Prediction(", StringComparison.Ordinal)))
            cells.Add(Cell("guessed-" + cell.Id, Blank().Replace(cell.Source, $" = {Guess};")));
        foreach (var answer in Answer.To(name))
        {
            var code = Exercise.Of(lesson).Single(e => e.Variable == answer.Variable).With(answer.Text).ToArray();
            foreach (var part in code[..^1])
                cells.Add(Cell($"{Id(answer)}-{cells.Count}", part));
            cells.Add(Cell(Id(answer), code[^1]));
        }
        File.WriteAllText(Path.Combine(_folder, name), root.ToJsonString());
    }

    private static string Id(Answer answer) =>
        "a"
        + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{answer}")))[
            ..20
        ];

    private static JsonObject Cell(string id, string source) =>
        new()
        {
            ["cell_type"] = "code",
            ["id"] = id,
            ["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } },
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        };

    [GeneratedRegex(@"(?m) = null;$")]
    private static partial Regex Blank();
}
