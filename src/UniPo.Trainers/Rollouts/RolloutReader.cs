using System.Text;

namespace UniPo;

/// <summary>Turns rollout files into a log: numbers of every step from the index, responses of some steps for the views.</summary>
internal static class RolloutReader
{
    // A page shows this many responses of a prompt; the archive pages through all.
    private const int ResponsesShown = 16;

    /// <summary>A folder of rollout files; null when it holds none.</summary>
    public static TrainerLog? Folder(string folder, LogOptions options)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.TopDirectoryOnly).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0 && Directory.EnumerateDirectories(folder, "step_*").Any())
            files =
            [
                .. Directory
                    .EnumerateDirectories(folder, "step_*")
                    .SelectMany(d => Directory.EnumerateFiles(d, "rank_*.jsonl"))
                    .Order(StringComparer.Ordinal),
            ];
        RolloutFormat? format = null;
        var fitting = new List<string>();
        foreach (var file in files)
            if (FormatOf(file) is { } found && (format is null || found == format))
            {
                format = found;
                fitting.Add(file);
            }
        return format is null ? null : Files(folder, fitting, format, options, [.. files.Except(fitting)]);
    }

    private static RolloutFormat? FormatOf(string file)
    {
        RolloutFormat? format = null;
        var looked = 0;
        LineReader.Read(
            file,
            (_, line) =>
            {
                using var document = LenientJson.TryParse(Encoding.UTF8.GetString(line));
                if (document is { RootElement.ValueKind: System.Text.Json.JsonValueKind.Object })
                    format = RolloutFormat.All.FirstOrDefault(f => f.Fits(document.RootElement));
                return format is null && ++looked < 5;
            }
        );
        return format;
    }

    public static TrainerLog Files(
        string path,
        IReadOnlyList<string> files,
        RolloutFormat format,
        LogOptions options,
        params IReadOnlyList<string> others
    )
    {
        var notes = new List<string>();
        var archive = RolloutArchive.Index(format, files, notes);
        if (archive.Responses == 0)
            throw new InvalidDataException($"'{path}' is a {format.Kind}, but holds no whole line.");
        if (others.Count > 0)
            notes.Add($"{others.Count} other files of the folder are of another kind and are left out.");
        return Of(path, archive, notes, options);
    }

    /// <summary>The log of an archive.</summary>
    public static TrainerLog Of(string path, RolloutArchive archive, List<string> notes, LogOptions options)
    {
        var header = new RunHeader
        {
            Algorithm = archive.Format.Trainer,
            Task = "unknown",
            HasSeed = false,
            Model = "unknown",
            Hyperparameters = new Dictionary<string, object>
            {
                ["log"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
            },
        };
        var (steps, room, left) = (new List<TrainingStep>(), options.TokensInMemory, archive.Steps.Count);
        foreach (var step in archive.Steps)
        {
            TokenReport? report = null;
            // Every step gets its share of what is left, so that the last one has tokens, too.
            if (room > 0 && Report(archive, step, header, options, Math.Max(1, room / left--)) is { } shown)
            {
                room -= shown.Batch.Layout.Tokens;
                report = shown;
            }
            steps.Add(
                new TrainingStep
                {
                    Step = step,
                    Rollout = steps.Count,
                    FirstAfterRollout = true,
                    Metrics = Metrics(archive, step),
                    Report = report,
                    Warning = report is null ? null : Warning(archive, step, report),
                }
            );
        }
        return new TrainerLog
        {
            Path = path,
            Format = archive.Format,
            Runs = [new TrainingRun { Header = header, Steps = steps }],
            Notes = notes,
            Rollouts = archive,
            Metrics =
            [
                .. steps
                    .SelectMany(s => s.Metrics.Keys)
                    .Distinct()
                    .Select(k => MetricGlossary.Find(k))
                    .Select(m => new MetricSource("computed from the responses", m.Key, m.Unit, m.Meaning)),
            ],
        };
    }

    private static TokenReport? Report(RolloutArchive archive, int step, RunHeader header, LogOptions options, int room)
    {
        var prompts = Math.Max(1, options.PromptsPerStep);
        var lengths = archive.Lengths(step);
        if (archive.CountsTokens && lengths.Length > 0)
            prompts = (int)
                Math.Clamp(
                    room / Math.Max(1, lengths.Average() * Math.Min(ResponsesShown, archive.GroupSizes(step)[0])),
                    1,
                    prompts
                );
        var page = archive.Page(step, 0, prompts, options.Tokenizer, ResponsesShown);
        return page.Batch.Layout.Responses == 0 ? null : LoggedReport.Of(page, header.Algorithm);
    }

    private static string Warning(RolloutArchive archive, int step, TokenReport report)
    {
        var (shown, all) = (report.Batch.Groups.Count, archive.Prompts(step));
        var part =
            shown < all || report.Batch.Layout.Responses < archive.Rewards(step).Length
                ? $"Shown are {report.Batch.Layout.Responses} responses to {shown} of {all} prompts. "
                : "";
        return part
            + (
                archive.CountsTokens
                    ? "The file names no objective, so no weights are shown; recompute them under one with WhatIf."
                    : "The file holds texts, no tokens: each word stands for one."
            );
    }

    private static Dictionary<string, double> Metrics(RolloutArchive archive, int step)
    {
        double[] rewards = archive.Rewards(step);
        var metrics = new Dictionary<string, double>();
        if (rewards.Any(double.IsFinite))
        {
            metrics["reward"] = rewards.Where(double.IsFinite).Average();
            var (at, spreads) = (0, new List<double>());
            foreach (var size in archive.GroupSizes(step))
            {
                double[] group = [.. rewards.AsSpan(at, size).ToArray().Where(double.IsFinite)];
                at += size;
                if (group.Length > 1)
                    spreads.Add(Math.Sqrt(group.Sum(r => (r - group.Average()) * (r - group.Average())) / (group.Length - 1)));
            }
            if (spreads.Count > 0)
                (metrics["reward_std"], metrics["silent_groups"]) = (
                    spreads.Average(),
                    spreads.Average(s => s < 1e-12 ? 1.0 : 0)
                );
        }
        var lengths = archive.Lengths(step);
        metrics[archive.CountsTokens ? "response_length" : "response_bytes"] = lengths.Average();
        if (archive.Truncated(step) is { } truncated)
            metrics["truncated"] = truncated;
        return metrics;
    }
}
