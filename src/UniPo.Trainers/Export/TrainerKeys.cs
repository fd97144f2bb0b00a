using System.Globalization;

namespace UniPo;

/// <summary>One key of a trainer's configuration.</summary>
/// <param name="Program">The class or command it belongs to; a star for all of the trainer's.</param>
/// <param name="Key">Its name.</param>
/// <param name="Type">What it holds: bool, int, float, floats, text, texts, bounds (one number, or two with an underscore between); with a question mark where none is allowed, too.</param>
/// <param name="Allowed">The words or the range that it accepts; empty for any.</param>
/// <param name="Since">First version that has it; empty when it is as old as the oldest checked.</param>
/// <param name="Until">Last version that has it; empty when the version checked still does.</param>
/// <param name="Default">Its value when nobody sets it, as the trainer writes it; empty when not noted.</param>
public sealed record TrainerKey(
    string Program,
    string Key,
    string Type,
    string Allowed,
    string Since,
    string Until,
    string Default = ""
)
{
    /// <summary>True when a value is one that the key accepts.</summary>
    /// <param name="value">As an <see cref="ExportedSetting"/> holds it.</param>
    public bool Accepts(object? value) =>
        value is null
            ? Type.EndsWith('?')
            : Type.TrimEnd('?') switch
            {
                "bool" => value is bool,
                "int" => value is int number && InRange(number),
                "float" => value is double or int && InRange(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
                "floats" => value is double[] numbers && Array.TrueForAll(numbers, double.IsFinite),
                "text" => value is string text && (Allowed.Length == 0 || Allowed.Split('|').Contains(text)),
                "bounds" => value is double and > 0
                    || value is string both && both.Split('_') is [var low, var high] && Above0(low) && Above0(high),
                "texts" => value is string[] { Length: > 0 },
                _ => false,
            };

    private static bool Above0(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0;

    // A range reads >0, >=0 or >1.
    private bool InRange(double value) =>
        double.IsFinite(value)
        && (
            Allowed.Length == 0
            || Allowed.StartsWith(">=", StringComparison.Ordinal)
                && value >= double.Parse(Allowed[2..], CultureInfo.InvariantCulture)
            || !Allowed.StartsWith(">=", StringComparison.Ordinal)
                && value > double.Parse(Allowed[1..], CultureInfo.InvariantCulture)
        );
}

/// <summary>The tables of keys, one file a trainer: the next change of a trainer is one line there.</summary>
public static class TrainerKeys
{
    private static readonly Lazy<IReadOnlyList<TrainerKey>> _trl = new(() => Read("trl")),
        _verl = new(() => Read("verl")),
        _openRlhf = new(() => Read("openrlhf"));

    /// <summary>All keys of a trainer that exports may set.</summary>
    /// <param name="framework">TRL, verl or OpenRLHF.</param>
    public static IReadOnlyList<TrainerKey> Of(Framework framework) =>
        framework switch
        {
            Framework.Trl => _trl.Value,
            Framework.Verl => _verl.Value,
            Framework.OpenRlhf => _openRlhf.Value,
            _ => throw new ArgumentOutOfRangeException(nameof(framework), framework, "Exports exist for Trl, Verl and OpenRlhf."),
        };

    /// <summary>The key of a program; null when the version checked has none of this name there.</summary>
    /// <param name="framework">TRL, verl or OpenRLHF.</param>
    /// <param name="program">The class or command.</param>
    /// <param name="key">Its name.</param>
    public static TrainerKey? Find(Framework framework, string program, string key) =>
        Of(framework).FirstOrDefault(k => k.Key == key && (k.Program == "*" || k.Program == program));

    /// <summary>Refuses what the trainer would refuse: a key that it has not, or a value that it does not accept.</summary>
    internal static void Check(Framework framework, string program, ExportSheet sheet)
    {
        foreach (var setting in sheet.Settings.ToArray())
            if (Find(framework, program, setting.Key) is not { } key)
                sheet.Refuse("trainer", $"{program} of {TrainerVersion.Of(framework)} has no setting {setting.Key}.");
            else if (!key.Accepts(setting.Value))
                sheet.Refuse(
                    "trainer",
                    $"{setting.Key} of {program} takes {Words(key)}, but the objective asks for {setting.Text("true", "false", "none")}."
                );
    }

    private static string Words(TrainerKey key) => key.Type.TrimEnd('?') + (key.Allowed.Length == 0 ? "" : $" {key.Allowed}");

    private static List<TrainerKey> Read(string trainer)
    {
        using var stream = typeof(TrainerKeys).Assembly.GetManifestResourceStream($"keys/{trainer}.tsv")!;
        using var reader = new StreamReader(stream);
        var keys = new List<TrainerKey>();
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                var cells = line.Split('\t');
                keys.Add(new TrainerKey(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]));
            }
        return keys;
    }
}
