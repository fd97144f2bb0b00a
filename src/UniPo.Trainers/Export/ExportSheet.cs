namespace UniPo;

/// <summary>What an exporter has found so far: settings, refusals, warnings.</summary>
internal sealed class ExportSheet
{
    private readonly List<ExportedSetting> _settings = [];

    private readonly List<ExportRefusal> _refusals = [];

    private readonly List<ExportWarning> _warnings = [];

    public IReadOnlyList<ExportedSetting> Settings => _settings;

    public IReadOnlyList<ExportRefusal> Refusals => _refusals;

    public IReadOnlyList<ExportWarning> Warnings => _warnings;

    /// <summary>Sets a key. No trainer's configuration can hold infinity: a bound that is none becomes one out of reach.</summary>
    public void Set(string key, object? value, string comment = "")
    {
        if (Reachable(value) is var bounded && !Equals(bounded, value) && comment.Length == 0)
            comment = "no bound";
        _settings.Add(new ExportedSetting(key, bounded, comment));
    }

    private static object? Reachable(object? value) =>
        value switch
        {
            double number when double.IsInfinity(number) => Math.CopySign(ExportQuestions.Unbounded, number),
            double[] numbers when numbers.Any(double.IsInfinity) => numbers.Select(n => (double)Reachable(n)!).ToArray(),
            _ => value,
        };

    public void Refuse(string part, string reason) => _refusals.Add(new ExportRefusal(part, reason));

    public void Warn(string part, string text) => _warnings.Add(new ExportWarning(part, text));

    public void RefuseIf(bool cannot, string part, string reason)
    {
        if (cannot)
            Refuse(part, reason);
    }

    public void WarnIf(bool differs, string part, string text)
    {
        if (differs)
            Warn(part, text);
    }
}
