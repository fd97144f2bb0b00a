using System.Globalization;

namespace UniPo;

/// <summary>Puts the rows of a log together to runs: repeated steps, steps out of order and several runs in one file are told.</summary>
/// <param name="mayRestart">True for files that several runs may have written to, one after the other.</param>
internal sealed class RunBuilder(bool mayRestart)
{
    // Notes are for reading; beyond these, a count says it.
    private const int MostNotes = 20;

    private readonly List<SortedDictionary<int, Dictionary<string, double>>> _runs = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, MetricSource> _metrics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, int FirstStep)> _notFinite = new(StringComparer.Ordinal);
    private int _more,
        _last = int.MinValue,
        _repeated,
        _backwards,
        _missing;

    /// <summary>Every key that was seen, as the file writes it.</summary>
    public IReadOnlySet<string> Keys => _keys;

    /// <summary>Number of rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Number of the next step where a file does not number its rows.</summary>
    public int NextStep => _last == int.MinValue ? 1 : _last + 1;

    /// <summary>Something the reader of the log should know.</summary>
    public void Note(string sentence)
    {
        if (_notes.Count < MostNotes)
            _notes.Add(sentence);
        else
            _more++;
    }

    /// <summary>Takes a row.</summary>
    /// <param name="step">Its step, at least 0.</param>
    /// <param name="values">Its numbers by the file's names; not-a-numbers are kept as gaps.</param>
    public void Add(int step, IEnumerable<(string Key, double Value)> values)
    {
        Rows++;
        var run = _runs.Count == 0 ? NewRun() : _runs[^1];
        if (run.ContainsKey(step) && mayRestart && step < _last && step == run.Keys.First())
            run = NewRun();
        if (step < _last && run.Count > 0)
            _backwards++;
        _last = step;
        if (!run.TryGetValue(step, out var row))
            run[step] = row = new(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            _keys.Add(key);
            if (!double.IsFinite(value))
            {
                _missing++;
                var before = _notFinite.GetValueOrDefault(key, (Count: 0, FirstStep: step));
                _notFinite[key] = (before.Count + 1, before.FirstStep);
                row.TryAdd(key, double.NaN);
                continue;
            }
            if (row.TryGetValue(key, out var earlier) && double.IsFinite(earlier) && earlier != value)
                _repeated++;
            row[key] = value;
        }
    }

    private SortedDictionary<int, Dictionary<string, double>> NewRun()
    {
        _runs.Add([]);
        return _runs[^1];
    }

    /// <summary>The runs.</summary>
    /// <param name="header">What is known of them.</param>
    public IReadOnlyList<TrainingRun> Runs(RunHeader header)
    {
        foreach (var key in _keys.OrderBy(Priority))
            Name(key);
        return
        [
            .. _runs.Select(run => new TrainingRun
            {
                Header = header,
                Steps = [.. run.Select((row, i) => Step(row.Key, i, row.Value))],
            }),
        ];
    }

    /// <summary>Every metric with its unit and meaning; call after <see cref="Runs"/>.</summary>
    public IReadOnlyList<MetricSource> Metrics => [.. _metrics.Values];

    /// <summary>How often each metric was no number, by its name here; call after <see cref="Runs"/>.</summary>
    public IReadOnlyDictionary<string, (int Count, int FirstStep)> NotFinite =>
        _notFinite.ToDictionary(n => _metrics[n.Key].Name, n => n.Value);

    /// <summary>All notes; call after the last row.</summary>
    public IReadOnlyList<string> Notes()
    {
        List<string> notes = [.. _notes];
        if (_more > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"… and {_more} more of this kind."));
        Count(_repeated, "numbers were logged twice for the same step with different values; the later one is shown.", notes);
        Count(_backwards, "rows stood before a row of an earlier step; they are shown in the order of their steps.", notes);
        Count(_missing, "values were NaN, infinite or missing; curves have a gap there.", notes);
        if (_runs.Count > 1)
            notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The steps begin anew {_runs.Count - 1} times: the file holds {_runs.Count} runs, shown side by side."
                )
            );
        return notes;
    }

    private static void Count(int count, string what, List<string> notes)
    {
        if (count > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
    }

    private static int Priority(string key)
    {
        for (var i = 0; i < MetricNames.All.Count; i++)
            if (MetricNames.All[i].Fits(key))
                return i;
        return int.MaxValue;
    }

    // Two keys of the file may mean one metric here: the better one gets the name, the other keeps its own.
    private void Name(string key)
    {
        if (_metrics.ContainsKey(key))
            return;
        var known = MetricNames.Find(key);
        var name =
            known?.Name is { } wanted && !_taken.ContainsKey(wanted) && (wanted == key || !_keys.Contains(wanted)) ? wanted : key;
        _taken[name] = key;
        _metrics[key] = new MetricSource(key, name, known?.Unit ?? "", known?.Meaning ?? "");
    }

    private TrainingStep Step(int step, int index, Dictionary<string, double> row) =>
        new()
        {
            Step = step,
            Rollout = index,
            FirstAfterRollout = true,
            Metrics = row.Where(v => double.IsFinite(v.Value))
                .OrderBy(v => Priority(v.Key))
                .ThenBy(v => v.Key, StringComparer.Ordinal)
                .ToDictionary(v => _metrics[v.Key].Name, v => v.Value),
            Duration = Seconds(row),
        };

    private static TimeSpan Seconds(Dictionary<string, double> row)
    {
        foreach (var key in (ReadOnlySpan<string>)["step_time", "timing_s/step", "perf/time_per_step", "timing/step_total"])
            if (row.TryGetValue(key, out var seconds) && seconds is > 0 and < 1e9)
                return TimeSpan.FromSeconds(seconds);
        return TimeSpan.Zero;
    }
}
