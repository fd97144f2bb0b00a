using System.Globalization;

namespace UniPo.Interactive.Hosts;

/// <summary>Shows a run while it is trained: curves in one output that is redrawn, or a line on a console.</summary>
internal sealed class LiveTraining : IProgress<TrainingStep>
{
    private readonly Throttle _throttle;
    private readonly LiveDisplay? _display;
    private readonly TextWriter? _console;
    private readonly List<TrainingStep> _steps = [];
    private readonly RunHeader _header;
    private readonly int _planned;
    private readonly bool _overwrites;

    /// <summary>A live view of a run that begins now.</summary>
    /// <param name="header">What is trained.</param>
    /// <param name="planned">Steps asked for.</param>
    /// <param name="throttle">When to draw.</param>
    /// <param name="display">The host's output; null for none.</param>
    /// <param name="console">Where progress is written; null for nowhere.</param>
    /// <param name="overwrites">True when the console's last line can be overwritten; otherwise only the last step is
    /// written.</param>
    public LiveTraining(
        RunHeader header,
        int planned,
        Throttle throttle,
        LiveDisplay? display,
        TextWriter? console,
        bool overwrites = true
    ) =>
        (_header, _planned, _throttle, _display, _console, _overwrites) = (
            header,
            planned,
            throttle,
            display,
            console,
            overwrites
        );

    /// <inheritdoc/>
    public void Report(TrainingStep value)
    {
        _steps.Add(value);
        if (!_throttle.IsDue())
            return;
        _display?.Update(new LiveCurves(Now(), _planned));
        if (_overwrites)
            _console?.Write("\r" + Line(value));
    }

    /// <summary>The stored output: the finished run.</summary>
    public void Finish(TrainingRun run)
    {
        if (_display is not null)
        {
            _display.Update(run.Curves());
            ShownRuns.Add(run);
        }
        if (_console is null || run.Steps.Count == 0)
            return;
        _console.WriteLine((_overwrites ? "\r" : "") + Line(run.Steps[^1]).TrimEnd());
    }

    private TrainingRun Now() => new() { Header = _header, Steps = [.. _steps] };

    private string Line(TrainingStep step)
    {
        var metrics = new[] { "reward", "kl", "entropy" }
            .Where(k => step.Metric(k) is not null)
            .Select(k => $"{MetricGlossary.Find(k).Label} {Numbers.Short(step.Metric(k))}");
        return string.Create(CultureInfo.InvariantCulture, $"step {step.Step + 1} of {_planned}  {string.Join("  ", metrics)}")
            .PadRight(78);
    }
}
