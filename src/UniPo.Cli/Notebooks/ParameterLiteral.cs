using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace UniPo.Cli.Notebooks;

/// <summary>Turns a value typed on a command line into a C# literal of the declared type.</summary>
internal static class ParameterLiteral
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private static readonly Dictionary<string, Func<string, string?>> _readers = new()
    {
        ["int"] = t => int.TryParse(t, NumberStyles.AllowLeadingSign, _culture, out var v) ? v.ToString(_culture) : null,
        ["long"] = t => long.TryParse(t, NumberStyles.AllowLeadingSign, _culture, out var v) ? v.ToString(_culture) + "L" : null,
        ["ulong"] = t => ulong.TryParse(t, NumberStyles.None, _culture, out var v) ? v.ToString(_culture) + "UL" : null,
        ["uint"] = t => uint.TryParse(t, NumberStyles.None, _culture, out var v) ? v.ToString(_culture) + "U" : null,
        ["double"] = Double,
        ["float"] = t =>
            Double(t) is { } v && float.IsFinite((float)double.Parse(v, _culture))
                ? float.Parse(v, _culture).ToString("R", _culture) + "f"
                : null,
        ["decimal"] = t => decimal.TryParse(t, NumberStyles.Float, _culture, out var v) ? v.ToString(_culture) + "m" : null,
        ["bool"] = t => bool.TryParse(t, out var v) ? (v ? "true" : "false") : null,
        ["string"] = t => SymbolDisplay.FormatLiteral(t, quote: true),
    };

    /// <summary>True for a type whose values can be given on a command line.</summary>
    public static bool Knows(string type) => _readers.ContainsKey(Element(type));

    /// <summary>The literal.</summary>
    /// <exception cref="UsageException">The text is no value of the parameter's type.</exception>
    public static string Of(Parameter parameter, string text)
    {
        var element = Element(parameter.Type);
        var read = _readers[element];
        if (!parameter.Type.EndsWith("[]", StringComparison.Ordinal))
            return read(text) ?? throw Wrong(parameter, text);

        var inner = text.Trim() is ['[', .. var list, ']'] ? list : text;
        var items =
            inner.Length == 0 ? [] : inner.Split(',').Select(item => read(item.Trim()) ?? throw Wrong(parameter, text)).ToList();
        return $"new {element}[] {{ {string.Join(", ", items)} }}".Replace("{  }", "{ }", StringComparison.Ordinal);
    }

    // A double keeps a point or an exponent, so that `var x = 1.0;` stays a double.
    private static string? Double(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, _culture, out var value) || !double.IsFinite(value))
            return null;
        var literal = value.ToString("R", _culture);
        return literal.AsSpan().IndexOfAny(".E") >= 0 ? literal : literal + ".0";
    }

    private static string Element(string type) =>
        type.TrimEnd('?') is var bare && bare.EndsWith("[]", StringComparison.Ordinal) ? bare[..^2] : bare;

    private static UsageException Wrong(Parameter parameter, string text) =>
        new($"--param {parameter.Name}={text}: \"{text}\" is no {parameter.Type}; {Example(parameter.Type)}");

    private static string Example(string type) =>
        type switch
        {
            "bool" => "write true or false.",
            "double" or "float" or "decimal" => "write a number such as 0.2.",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => "write values with commas between, such as 1,2,3.",
            _ => "write a whole number such as 7.",
        };
}
