using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPo.Cli.Running;

/// <summary>How far two texts may differ in their numbers and still say the same.</summary>
/// <param name="absolute">Distance that never counts.</param>
/// <param name="relative">Share of the larger number that never counts.</param>
/// <param name="share">Share of lines that must have the same words, and of numbers that must be near each other; in (0,
/// 1].</param>
internal sealed partial class TextComparison(double absolute, double relative, double share)
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>The same words in every line, and numbers equal to 1e-6.</summary>
    public static TextComparison Exact { get; } = new(1e-6, 1e-6, 1);

    /// <summary>
    /// For what depends on training: eight of ten lines have the same words, and eight of ten numbers in them are within 0.1 or
    /// half of the larger one. A single step of a single seed may differ more; a table of another experiment does not pass.
    /// </summary>
    public static TextComparison Loose { get; } = new(0.1, 0.5, 0.8);

    /// <summary>What differs, in a sentence; null when the texts say the same.</summary>
    public string? Fault(string stored, string fresh)
    {
        string[] before = Lines(stored),
            after = Lines(fresh);
        var pairs = before.Zip(after).ToList();
        var alike = pairs.Where(p => Words(p.First) == Words(p.Second)).ToList();
        if (alike.Count < share * Math.Max(before.Length, after.Length))
            return Sentence(
                pairs.Except(alike).FirstOrDefault((First: $"{before.Length} lines", Second: $"{after.Length} lines"))
            );
        var numbers = alike
            .SelectMany(p => Numbers(p.First).Zip(Numbers(p.Second), (a, b) => (Line: p, IsNear: IsNear(a, b))))
            .ToList();
        return numbers.Count(n => n.IsNear) < share * numbers.Count ? Sentence(numbers.First(n => !n.IsNear).Line) : null;
    }

    private bool IsNear(double a, double b) =>
        Math.Abs(a - b) <= Math.Max(absolute, relative * Math.Max(Math.Abs(a), Math.Abs(b)));

    private static string Sentence((string Stored, string Fresh) line) =>
        $"\"{line.Stored.Trim()}\" is stored, but it says \"{line.Fresh.Trim()}\".";

    private static string[] Lines(string text) =>
        [.. Power().Replace(text, Exponent).Split('\n').Where(l => l.Trim().Length > 0)];

    private static string Exponent(Match power) =>
        "e"
        + string.Concat(
            power.Groups[1].Value.Select(c => c == '⁻' ? '-' : (char)('0' + Raised.IndexOf(c, StringComparison.Ordinal)))
        );

    private static string Words(string line) => Blanks().Replace(Number().Replace(Blocks().Replace(line, " "), "#"), " ").Trim();

    private static IEnumerable<double> Numbers(string line) =>
        Number()
            .Matches(line)
            .Select(m => double.Parse(m.Value.Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture));

    // A number may have a sign of its own, but in "10-20" the hyphen is none.
    [GeneratedRegex(@"(?<![\w.])[+\-−]?\d+(\.\d+)?([eE][+-]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex("×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")]
    private static partial Regex Power();

    // Sparklines draw the shape of numbers that stand beside them.
    [GeneratedRegex("[▁▂▃▄▅▆▇█·]+")]
    private static partial Regex Blocks();

    [GeneratedRegex(@"[\s…]+")]
    private static partial Regex Blanks();
}
