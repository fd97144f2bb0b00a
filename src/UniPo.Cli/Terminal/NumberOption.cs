using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace UniPo.Cli.Terminal;

/// <summary>
/// Numbers of options: written as in C#, whatever the language of the machine, and within a range. <c>0,0001</c> is refused, because
/// some readers mean a ten-thousandth by it and others mean one.
/// </summary>
internal static class NumberOption
{
    /// <summary>Says which numbers an option takes.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">Smallest value.</param>
    /// <param name="most">Largest value.</param>
    public static Option<T> InRange<T>(this Option<T> option, double least, double most = int.MaxValue)
    {
        object? Parse(ArgumentResult result)
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            object? value = (Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) switch
            {
                var type when type == typeof(int) => Read<int>(text),
                var type when type == typeof(ulong) => Read<ulong>(text),
                _ => Read<double>(text) is { } number && double.IsFinite(number) ? number : null,
            };
            var isWhole = typeof(T) != typeof(double) && typeof(T) != typeof(double?);
            if (value is null)
                result.AddError(NoNumber(option.Name, text, isWhole, least));
            else if (Convert.ToDouble(value, CultureInfo.InvariantCulture) is var size && !(size >= least && size <= most))
                result.AddError(OutOfRange(option.Name, text, least, most));
            else
                return value;
            return default(T);
        }

        option.CustomParser = result => (T?)Parse(result);
        return option;
    }

    /// <summary>Gives every numeric option below a command that has no range yet these rules.</summary>
    public static void ApplyTo(Command command)
    {
        foreach (var option in command.Options)
            _ = option switch
            {
                Option<int> { CustomParser: null } whole => whole.InRange(int.MinValue),
                Option<int?> { CustomParser: null } whole => whole.InRange(int.MinValue),
                Option<ulong> { CustomParser: null } natural => natural.InRange(0, ulong.MaxValue),
                Option<double> { CustomParser: null } real => real.InRange(double.MinValue, double.MaxValue),
                Option<double?> { CustomParser: null } real => real.InRange(double.MinValue, double.MaxValue),
                _ => option,
            };
        foreach (var inner in command.Subcommands)
            ApplyTo(inner);
    }

    private static T? Read<T>(string text)
        where T : struct, INumber<T> =>
        text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
        && T.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var value
        )
            ? value
            : null;

    private static string NoNumber(string option, string text, bool isWhole, double least)
    {
        var typed = $"{option}: \"{Cut(text)}\" is no {(isWhole ? "whole number" : "number")}";
        var point = text.Replace(',', '.');
        if (!isWhole && text.Count(c => c == ',') == 1 && Read<double>(point) is not null)
            return $"{typed}: the decimal sign is a point; write {point}.";
        return $"{typed}; write one such as {(isWhole ? Math.Max(7, least) : Math.Max(0.2, least)).ToString(CultureInfo.InvariantCulture)}.";
    }

    private static string OutOfRange(string option, string text, double least, double most) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{option} must {(most >= int.MaxValue ? $"be at least {least}" : $"lie in [{least}, {most}]")}, but was {Cut(text)}."
        );

    private static string Cut(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
