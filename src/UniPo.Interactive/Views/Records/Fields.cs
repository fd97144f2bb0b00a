using System.Collections;
using System.Globalization;
using System.Reflection;

namespace UniPo.Interactive;

/// <summary>A value of a record in one line.</summary>
internal static class Fields
{
    private const int Most = 6;

    /// <summary>Public properties of a record that have a value of their own, in the order of declaration.</summary>
    public static IReadOnlyList<PropertyInfo> Of(Type type) =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetIndexParameters().Length == 0 && p.CanRead && !p.PropertyType.IsByRefLike)
                .OrderBy(p => p.DeclaringType == type ? 1 : 0),
        ];

    /// <summary>The property of a record in one line; a property that throws says why.</summary>
    public static string Read(PropertyInfo property, object record)
    {
        try
        {
            return Write(property.GetValue(record));
        }
        catch (TargetInvocationException fault)
        {
            return $"({fault.InnerException?.Message ?? fault.Message})";
        }
    }

    /// <summary>A name of code as words: <c>GroupSize</c> and <c>group_size</c> become <c>group size</c>.</summary>
    public static string Words(string name)
    {
        var spaced = string.Concat(
            name.Select(
                (c, i) =>
                    c == '_' ? " "
                    : char.IsUpper(c) ? (i > 0 && !char.IsUpper(name[i - 1]) ? " " : "") + Lower(name, i)
                    : c.ToString()
            )
        );
        return string.Join(' ', spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // Short forms such as KL and GRPO stay as they are.
    private static string Lower(string name, int i) =>
        (i > 0 && char.IsUpper(name[i - 1])) || (i + 1 < name.Length && char.IsUpper(name[i + 1]))
            ? name[i].ToString()
            : char.ToLowerInvariant(name[i]).ToString();

    /// <summary>True for numbers with decimals, which share one format in a column.</summary>
    public static bool IsReal(Type type) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is TypeCode.Double or TypeCode.Single;

    /// <summary>A number with decimals; NaN where there is none.</summary>
    public static double Real(PropertyInfo property, object record)
    {
        try
        {
            return property.GetValue(record) is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : double.NaN;
        }
        catch (TargetInvocationException)
        {
            return double.NaN;
        }
    }

    /// <summary>True when a value is a number, so that it stands on the right of its column.</summary>
    public static bool IsNumber(Type type) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal
        && !(Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    /// <summary>Any value in one line.</summary>
    public static string Write(object? value) =>
        value switch
        {
            null => Numbers.Missing,
            string text => VisibleText.Of(text),
            bool flag => flag ? "yes" : "no",
            double number => Numbers.Short(number),
            float number => Numbers.Short(number),
            Enum choice => choice.ToString(),
            TimeSpan time => Duration(time),
            TokenColumn column => Summary(column),
            TokenLayout layout =>
                $"{Numbers.Of(layout.Responses, "response")} in {Numbers.Of(layout.Groups, "group")}, {Numbers.Of(layout.Tokens, "token")}",
            Vocabulary vocabulary => $"{vocabulary.Count} symbols: {VisibleText.Of(string.Join(" ", vocabulary.Symbols), 80)}",
            Objective objective => VisibleText.Of(objective.Name),
            Prompt prompt => VisibleText.Of(prompt.Text),
            Response response => VisibleText.Of(response.Text),
            ParameterSet parameters =>
                $"{Numbers.Of(parameters.Count, "parameter")} in {Numbers.Of(parameters.Tensors.Count, "tensor")}",
            IDictionary pairs => Pairs(pairs),
            IEnumerable sequence => Sequence(sequence),
            Delegate => "a function",
            IFormattable formattable => VisibleText.Of(formattable.ToString(null, CultureInfo.InvariantCulture)),
            _ when Hosts.Show.IsOurs(value.GetType()) => Record(value),
            _ => VisibleText.Of(value.ToString()),
        };

    private static string Record(object value)
    {
        var fields = Of(value.GetType());
        return fields.Count == 0 ? Words(value.GetType().Name) : VisibleText.Of(value.ToString());
    }

    private static string Duration(TimeSpan time) =>
        time.TotalSeconds < 1 ? $"{Numbers.Short(Math.Round(time.TotalMilliseconds, 1))} ms"
        : time.TotalMinutes < 2 ? $"{Numbers.Short(time.TotalSeconds)} s"
        : $"{(int)time.TotalMinutes} min {time.Seconds} s";

    private static string Summary(TokenColumn column)
    {
        var finite = column.Values.ToArray().Where(double.IsFinite).ToArray();
        return finite.Length == 0
            ? $"{Numbers.Of(column.Values.Length, "token")}, no finite number"
            : $"{Numbers.Of(column.Values.Length, "token")} from {Numbers.Short(finite.Min())} to {Numbers.Short(finite.Max())}, mean {Numbers.Short(finite.Average())}";
    }

    private static string Pairs(IDictionary pairs)
    {
        var parts = new List<string>();
        foreach (DictionaryEntry pair in pairs)
        {
            if (parts.Count == 12)
            {
                parts.Add($"… ({pairs.Count} in all)");
                break;
            }
            parts.Add($"{VisibleText.Of(pair.Key.ToString())} {Write(pair.Value)}");
        }
        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }

    private static string Sequence(IEnumerable sequence)
    {
        var items = sequence.Cast<object?>().ToArray();
        if (items.Length == 0)
            return "none";
        if (Hosts.Show.ElementOf(sequence.GetType()) is { } element && element != typeof(Prompt))
            return Numbers.Of(items.Length, Words(element.Name));
        var shown = string.Join(", ", items.Take(Most).Select(Write));
        return items.Length > Most ? $"{shown}, … ({items.Length} in all)" : shown;
    }
}
