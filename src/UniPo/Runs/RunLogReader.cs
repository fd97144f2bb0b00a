using System.Globalization;
using System.Text.Json;

namespace UniPo;

/// <summary>
/// Reads a run log line by line. Fields that are missing stay null; a field of the wrong type is an error that names the line.
/// </summary>
internal sealed class RunLogReader
{
    private readonly string _path;
    private readonly List<TrainingStep> _steps = [];
    private readonly Dictionary<int, int> _places = [];
    private readonly HashSet<string> _metricNames = [];
    private readonly List<TrainingWarning> _notes = [];
    private RunHeader? _header;
    private HeldOutAccuracy? _before,
        _after;
    private string? _stopped;
    private bool _ended,
        _foreign;
    private int _firstRepeated = -1,
        _repeated;

    private RunLogReader(string path) => _path = path;

    public static TrainingRun Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no run log '{path}'.", path);
        return new RunLogReader(path).Read(RunLogParts.Of(path));
    }

    /// <summary>The run in the first bytes of a log of our own.</summary>
    public static TrainingRun Read(string path, byte[] beginning) => new RunLogReader(path).Read(RunLogParts.Of(path, beginning));

    private TrainingRun Read(IEnumerable<RunLogPart> parts)
    {
        foreach (var part in parts)
        {
            try
            {
                Take(part);
            }
            catch (Exception e)
                when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
            {
                throw new InvalidDataException(
                    $"{part.Place} of the run log '{_path}' does not fit the format: {RunLogFormat.Short(e.Message)}",
                    e
                );
            }
        }
        if (_repeated > 0)
            Note(
                _firstRepeated,
                _repeated == 1
                    ? $"The log holds step {_firstRepeated} twice; the later one was read."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"The log holds {_repeated} steps twice, the first of them step {_firstRepeated}; the later ones were read."
                    )
            );
        return new TrainingRun
        {
            Header = _header ?? throw new InvalidDataException($"The file '{_path}' is no run log: it has no header line."),
            Steps = _steps,
            Before = _before,
            After = _after,
            Notes = _notes,
            // Only our own logs close with a line; in another program's its lack says nothing.
            Stopped =
                _stopped
                ?? (
                    _ended || _foreign
                        ? null
                        : $"The log has no closing line: the run was still going or was killed after {(_steps.Count == 0 ? "the header" : $"step {_steps[^1].Step}")}."
                ),
        };
    }

    private void Take(RunLogPart part)
    {
        var json = part.Json;
        var type = json.Text("type");
        if (_header is null)
            ReadHeader(json);
        else if (type == RunLogFormat.End)
            (_after, _stopped, _ended) = (HeldOut(json.Beyond(), "after"), json.Beyond().Text("stopped"), true);
        else if (type == RunLogFormat.Extended)
            _header = _header with { Steps = json.Beyond().Count("steps") ?? _header.Steps };
        else if (json.Find("step") is not null)
            Add(Step(json));
        if (part.Note is { } note)
            Note(_steps.Count == 0 ? 0 : _steps[^1].Step, $"{part.Place} of the log could not be read as it is. {note}");
    }

    private void Note(int step, string text) => _notes.Add(new TrainingWarning(step, text));

    /// <summary>A step that stands twice was taken again after an interruption: the later line is what went on.</summary>
    private void Add(TrainingStep step)
    {
        if (_places.TryGetValue(step.Step, out var place))
        {
            _steps[place] = step;
            if (_repeated++ == 0)
                _firstRepeated = step.Step;
            return;
        }
        _places[step.Step] = _steps.Count;
        _steps.Add(step);
    }

    private void ReadHeader(JsonElement json)
    {
        var beyond = json.Beyond();
        var key =
            json.Text("algorithm") ?? throw new FormatException("the first line must be a header with the field 'algorithm'.");
        var settings = new Dictionary<string, object>();
        if (json.Find("hparams") is { ValueKind: JsonValueKind.Object } hparams)
            foreach (var setting in hparams.EnumerateObject())
                if (Setting(setting.Value) is { } value)
                    settings[setting.Name] = value;
        _header = new RunHeader
        {
            Algorithm = beyond.Text("algorithm") ?? key,
            Task = json.Text("task") ?? "unknown",
            Model = json.Text("model_name") ?? "unknown",
            Dataset = json.Text("dataset"),
            RewardStrategy = json.Text("reward_strategy"),
            Seed = Seed(beyond),
            HasSeed = beyond.Text("seed") is not null,
            Identity = beyond.Text("identity"),
            Steps = json.Count("totalSteps") ?? 0,
            Passes = json.Count("update_epochs") ?? 1,
            PromptsPerStep = json.Count("rollout_batch_size") ?? 0,
            GroupSize =
                beyond.Count("group_size")
                ?? (int)Math.Clamp(settings.GetValueOrDefault("group_size") as double? ?? 0, 0, int.MaxValue),
            Hyperparameters = settings,
        };
        (_before, _foreign) = (HeldOut(beyond, "before"), beyond.ValueKind == JsonValueKind.Undefined);
    }

    private static ulong Seed(JsonElement beyond) =>
        beyond.Text("seed") is not { } text ? 0
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new FormatException($"the field 'seed' must be a whole number from 0 to {ulong.MaxValue}, but was '{text}'.");

    private TrainingStep Step(JsonElement json)
    {
        var beyond = json.Beyond();
        var metrics = new Dictionary<string, double>();
        if (json.Find("metrics") is { } numbers)
            foreach (var metric in numbers.EnumerateObject())
                if (metric.Value.ValueKind == JsonValueKind.Number && numbers.Number(metric.Name) is { } value)
                    metrics[metric.Name] = value;
        _metricNames.UnionWith(metrics.Keys);
        var first = json.Find("is_first_step_after_rollout_phase")?.ValueKind == JsonValueKind.True;
        var rollout = _steps.Count == 0 ? 0 : _steps[^1].Rollout + (first ? 1 : 0);
        var (report, note) = Report(json, _header!, metrics);
        return new TrainingStep
        {
            Step = json.Count("step")!.Value,
            Rollout = beyond.Count("rollout") ?? rollout,
            Pass = beyond.Count("pass") ?? 0,
            FirstAfterRollout = first,
            Metrics = metrics,
            MetricsOfRun = _metricNames,
            Report = report,
            Warnings = Warnings(beyond, note),
            Duration = Duration(beyond),
        };
    }

    private static IReadOnlyList<string> Warnings(JsonElement beyond, string? note) =>
        beyond.Find("warnings") is { } list ? [.. list.Elements("warnings").Select(w => w.GetString() ?? "")]
        : (beyond.Text("warning") ?? note) is { } text ? [text]
        : [];

    private static TimeSpan Duration(JsonElement beyond)
    {
        var seconds = beyond.Number("seconds") ?? 0;
        return seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)) // FromSeconds cuts the last tick off
            : throw new FormatException(
                FormattableString.Invariant($"the field 'seconds' must be a duration of at least 0, but was {seconds}.")
            );
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
                json.Count("prompts") ?? 0
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
