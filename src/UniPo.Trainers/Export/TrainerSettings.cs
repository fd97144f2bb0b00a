using System.Globalization;

namespace UniPo;

/// <summary>How near an algorithm's export is to settings that somebody has.</summary>
/// <param name="Objective">The algorithm.</param>
/// <param name="Different">Settings that were given and differ, with both values.</param>
/// <param name="Unset">Settings that the algorithm needs other than the trainer's default, and that were not given.</param>
public sealed record SettingsMatch(Objective Objective, IReadOnlyList<string> Different, IReadOnlyList<string> Unset);

/// <summary>Which algorithm do these settings of a trainer make?</summary>
public static class TrainerSettings
{
    /// <summary>The trainer whose settings these are, by their names.</summary>
    /// <param name="settings">Names and values as the trainer writes them.</param>
    /// <exception cref="ArgumentException">No trainer has all of them; the message names the unknown ones.</exception>
    public static Framework TrainerOf(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Count == 0)
            throw new ArgumentException("At least one setting is needed, for instance loss_type = dapo.");
        Framework[] trainers = [Framework.Trl, Framework.Verl, Framework.OpenRlhf];
        var unknown = trainers.ToDictionary(
            t => t,
            t => settings.Where(s => TrainerKeys.Of(t).All(k => k.Key != s.Key)).Select(s => s.Key).ToArray()
        );
        var best = trainers.MinBy(t => unknown[t].Length);
        return unknown[best].Length == 0
            ? best
            : throw new ArgumentException(
                $"{TrainerVersion.Of(best)} has no setting {string.Join(", ", unknown[best])} that decides the objective; it has {string.Join(", ", TrainerKeys.Of(best).Select(k => k.Key).Distinct())}."
            );
    }

    /// <summary>The algorithms, those nearest to the settings first.</summary>
    /// <param name="framework">The trainer.</param>
    /// <param name="settings">Names and values as the trainer writes them; what is not named has the trainer's default.</param>
    public static IReadOnlyList<SettingsMatch> Closest(Framework framework, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return
        [
            .. Algorithms
                .All.Where(a => a.RefusalsOf(framework).Count == 0)
                .Select(a => Match(a, framework, settings))
                .OrderBy(m => m.Different.Count)
                .ThenBy(m => m.Unset.Count),
        ];
    }

    private static SettingsMatch Match(
        Objective objective,
        Framework framework,
        IReadOnlyList<KeyValuePair<string, string>> settings
    )
    {
        var export = ObjectiveExports.To(objective, framework);
        var own = export.Settings.ToDictionary(s => s.Key, s => s.Text("True", "False", "None"));
        string Default(string key) => TrainerKeys.Find(framework, export.Program, key)?.Default ?? "";
        var different = settings
            .Where(s =>
                TrainerKeys.Find(framework, export.Program, s.Key) is null
                || !Same(own.GetValueOrDefault(s.Key, Default(s.Key)), s.Value)
            )
            .Select(s =>
                TrainerKeys.Find(framework, export.Program, s.Key) is null
                    ? $"{s.Key} is {s.Value}, {export.Program}, where {objective.Name} belongs, has no such setting"
                    : $"{s.Key} is {s.Value}, {objective.Name} has {own.GetValueOrDefault(s.Key, Default(s.Key) is { Length: > 0 } usual ? usual : "the trainer's default")}"
            );
        var unset = own.Where(o =>
                settings.All(s => s.Key != o.Key) && Default(o.Key) is { Length: > 0 } usual && !Same(usual, o.Value)
            )
            .Select(o => $"{o.Key} = {o.Value}");
        return new SettingsMatch(objective, [.. different], [.. unset]);
    }

    private static bool Same(string a, string b)
    {
        var (first, second) = (a.Trim('"', '\''), b.Trim('"', '\''));
        return
            double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
            && double.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out var y)
            ? x == y
            : string.Equals(first, second, StringComparison.OrdinalIgnoreCase) || IsNone(first) && IsNone(second);
    }

    private static bool IsNone(string word) => word.ToLowerInvariant() is "none" or "null" or "";
}
