using System.Globalization;

namespace UniPo;

/// <summary>What was found in a file of another trainer: its kind, its runs, and what it cannot tell.</summary>
public sealed record TrainerLog
{
    /// <summary>The file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>The kind of file.</summary>
    public required LogFormat Format { get; init; }

    /// <summary>The algorithm as far as the file shows it, for instance <c>GRPO</c>; null when it does not.</summary>
    public string? Method { get; init; }

    /// <summary>The runs in the file, at least one; a console may hold several.</summary>
    public required IReadOnlyList<TrainingRun> Runs { get; init; }

    /// <summary>The last run of the file, which is the only one in most files.</summary>
    public TrainingRun Run => Runs[^1];

    /// <summary>What was not as it should be and how it was taken: torn lines, repeated steps, numbers that are none.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Every metric of the file: its name there, its name here, unit and meaning.</summary>
    public IReadOnlyList<MetricSource> Metrics { get; init; } = [];

    /// <summary>Metrics that were NaN, infinite or null in some row: how often, and at which step first.</summary>
    public IReadOnlyDictionary<string, (int Count, int FirstStep)> NotFinite { get; init; } =
        new Dictionary<string, (int Count, int FirstStep)>();

    /// <summary>The responses, indexed and loaded by page; null in files that hold metrics only.</summary>
    public RolloutArchive? Rollouts { get; init; }

    /// <summary>What was recognised, in one sentence: <c>TRL GRPO (trainer_state.json), 50 rows, steps 5–250; no tokens …</c></summary>
    public string Recognised =>
        $"{Format.Trainer}{(Method is null ? "" : " " + Method)} ({Format.Name}), {Rows}"
        + (Format.Lacks.Length == 0 ? "." : $"; this kind of file has {Format.Lacks}.");

    private string Rows
    {
        get
        {
            var steps = Runs.SelectMany(r => r.Steps).Select(s => s.Step).ToArray();
            var count = string.Create(CultureInfo.InvariantCulture, $"{steps.Length} {(steps.Length == 1 ? "row" : "rows")}");
            var runs = Runs.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{Runs.Count} runs, ") : "";
            var responses = Rollouts is null
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", {Rollouts.Responses} responses");
            if (steps.Length == 0)
                return runs + "no steps yet" + responses;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{runs}{count}, {(steps.Min() == steps.Max() ? $"step {steps.Min()}" : $"steps {steps.Min()}–{steps.Max()}")}{responses}"
            );
        }
    }

    /// <summary>Reads a file, or a folder of rollouts, after recognising its kind by its content.</summary>
    /// <param name="path">A file of any kind in <see cref="LogFormat.All"/>, or a folder of verl's <c>STEP.jsonl</c>.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is of no kind that is read, or holds nothing; the message says what it
    /// begins with.</exception>
    public static TrainerLog Read(string path, LogOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return LogReader.Read(path, options ?? new LogOptions());
    }

    /// <summary>The files of a folder that can be read, as logs to compare; those that cannot are told in the notes.</summary>
    /// <param name="folder">A folder; its direct files are looked at.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <exception cref="InvalidDataException">No file in it can be read.</exception>
    public static IReadOnlyList<TrainerLog> ReadFolder(string folder, LogOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return LogReader.ReadFolder(folder, options ?? new LogOptions());
    }
}

/// <summary>One metric of a foreign log.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Name">Its name here: the file's own where UniPo has none.</param>
/// <param name="Unit">Unit as the trainer documents it; empty for a pure number or when unknown.</param>
/// <param name="Meaning">One sentence; empty when unknown.</param>
public sealed record MetricSource(string Key, string Name, string Unit, string Meaning);
