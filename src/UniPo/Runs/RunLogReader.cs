using System.Text.Json;

namespace UniPo;

/// <summary>
/// Reads a run log line by line. Fields that are missing stay null; a field of the wrong type is an error that names the line.
/// </summary>
internal static class RunLogReader
{
    public static TrainingRun Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no run log '{path}'.", path);
        RunHeader? header = null;
        HeldOutAccuracy? before = null,
            after = null;
        string? stopped = null;
        bool ended = false,
            foreign = false;
        var steps = new List<TrainingStep>();
        foreach (var (place, json) in RunLogParts.Of(path))
        {
            try
            {
                if (header is null)
                    (header, before, foreign) = ReadHeader(json);
                else if (json.Text("type") == "end")
                    (after, stopped, ended) = (HeldOut(json.Beyond(), "after"), json.Beyond().Text("stopped"), true);
                else if (json.Number("step") is not null)
                    steps.Add(Step(json, header, steps));
            }
            catch (Exception e)
                when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
            {
                throw new InvalidDataException($"{place} of the run log '{path}' does not fit the format: {e.Message}", e);
            }
        }
        return new TrainingRun
        {
            Header = header ?? throw new InvalidDataException($"The file '{path}' is no run log: it has no header line."),
            Steps = steps,
            Before = before,
            After = after,
            // Only our own logs close with a line; in another program's its lack says nothing.
            Stopped =
                stopped
                ?? (
                    ended || foreign
                        ? null
                        : $"The log has no closing line: the run was still going or was killed after {(steps.Count == 0 ? "the header" : $"step {steps[^1].Step}")}."
                ),
        };
    }

    private static (RunHeader, HeldOutAccuracy?, bool Foreign) ReadHeader(JsonElement json)
    {
        var (header, before) = Header(json);
        return (header, before, json.Beyond().ValueKind == JsonValueKind.Undefined);
    }

    private static (RunHeader, HeldOutAccuracy?) Header(JsonElement json)
    {
        var beyond = json.Beyond();
        var key =
            json.Text("algorithm") ?? throw new FormatException("the first line must be a header with the field 'algorithm'.");
        var settings = new Dictionary<string, object>();
        if (json.Find("hparams") is { ValueKind: JsonValueKind.Object } hparams)
            foreach (var setting in hparams.EnumerateObject())
                if (Setting(setting.Value) is { } value)
                    settings[setting.Name] = value;
        var header = new RunHeader
        {
            Algorithm = beyond.Text("algorithm") ?? key,
            Task = json.Text("task") ?? "unknown",
            Model = json.Text("model_name") ?? "unknown",
            Dataset = json.Text("dataset"),
            RewardStrategy = json.Text("reward_strategy"),
            Seed = ulong.TryParse(beyond.Text("seed"), out var seed) ? seed : 0,
            HasSeed = beyond.Text("seed") is not null,
            Steps = (int)(json.Number("totalSteps") ?? 0),
            Passes = (int)(json.Number("update_epochs") ?? 1),
            PromptsPerStep = (int)(json.Number("rollout_batch_size") ?? 0),
            GroupSize = (int)(beyond.Number("group_size") ?? settings.GetValueOrDefault("group_size") as double? ?? 0),
            Hyperparameters = settings,
        };
        return (header, HeldOut(beyond, "before"));
    }

    private static TrainingStep Step(JsonElement json, RunHeader header, List<TrainingStep> before)
    {
        var beyond = json.Beyond();
        var metrics = new Dictionary<string, double>();
        if (json.Find("metrics") is { } numbers)
            foreach (var metric in numbers.EnumerateObject())
                if (metric.Value.ValueKind == JsonValueKind.Number)
                    metrics[metric.Name] = metric.Value.GetDouble();
        var first = json.Find("is_first_step_after_rollout_phase")?.ValueKind == JsonValueKind.True;
        var rollout = before.Count == 0 ? 0 : before[^1].Rollout + (first ? 1 : 0);
        var (report, note) = Report(json, header, metrics);
        return new TrainingStep
        {
            Step = (int)json.Number("step")!,
            Rollout = (int)(beyond.Number("rollout") ?? rollout),
            Pass = (int)(beyond.Number("pass") ?? 0),
            FirstAfterRollout = first,
            Metrics = metrics,
            Report = report,
            Warning = beyond.Text("warning") ?? note,
            Duration = TimeSpan.FromTicks((long)Math.Round((beyond.Number("seconds") ?? 0) * TimeSpan.TicksPerSecond)), // FromSeconds cuts the last tick off
        };
    }

    private static (TokenReport?, string?) Report(JsonElement json, RunHeader header, Dictionary<string, double> metrics)
    {
        if (json.Find("prompts") is not { ValueKind: JsonValueKind.Array } prompts)
            return default;
        if (ReportLog.HasWeights(prompts))
            return (ReportLog.Read(prompts, json.Beyond(), header, metrics), null);
        return ForeignReport.Read(prompts, header, metrics) is var (report, note) ? (report, note) : default;
    }

    private static HeldOutAccuracy? HeldOut(JsonElement beyond, string name) =>
        beyond.Find(name) is { } json
            ? new HeldOutAccuracy(
                json.Number("exact_probability"),
                json.Number("sampled_accuracy") ?? double.NaN,
                (int)(json.Number("prompts") ?? 0)
            )
            : null;

    private static object? Setting(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number) => value
                .EnumerateArray()
                .Select(v => v.GetDouble())
                .ToArray(),
            _ => null,
        };
}
