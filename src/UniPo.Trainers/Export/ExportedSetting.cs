using System.Globalization;

namespace UniPo;

/// <summary>One setting of a trainer.</summary>
/// <param name="Key">Its name as the trainer writes it, for instance <c>epsilon_high</c>.</param>
/// <param name="Value">A string, a whole or other number, true or false, an array of numbers or of strings, or null for the
/// trainer's "none".</param>
/// <param name="Comment">What it does here; empty when the name says it.</param>
public sealed record ExportedSetting(string Key, object? Value, string Comment = "")
{
    /// <summary>The value as Python and YAML read it, with their own words for true, false and none.</summary>
    internal string Text(string yes, string no, string none) =>
        Value switch
        {
            null => none,
            bool flag => flag ? yes : no,
            string text => $"\"{text}\"",
            double number => Number(number),
            IEnumerable<string> texts => "[" + string.Join(", ", texts.Select(t => $"\"{t}\"")) + "]",
            IEnumerable<double> numbers => "[" + string.Join(", ", numbers.Select(Number)) + "]",
            _ => Convert.ToString(Value, CultureInfo.InvariantCulture)!,
        };

    // 1E-06 is a string for YAML 1.1; 1.0e-06 is a number everywhere.
    internal static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E');
        if (e < 0)
            return text.Contains('.') ? text : text + ".0";
        var mantissa = text[..e];
        return (mantissa.Contains('.') ? mantissa : mantissa + ".0") + "e" + text[(e + 1)..];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}={Text("True", "False", "None")}";
}
