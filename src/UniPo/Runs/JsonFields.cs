using System.Globalization;
using System.Text.Json;

namespace UniPo;

/// <summary>Optional fields of a JSON object: null where a field is missing or null.</summary>
internal static class JsonFields
{
    private const int LongestShown = 60;

    public static JsonElement? Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement json, string name) =>
        json.Find(name) is { } value
            ? value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : throw new FormatException($"the field '{name}' must be a text, but was {Shown(value)}.")
            : null;

    /// <summary>A finite number: 1e999 is JSON, but no number that could be drawn.</summary>
    public static double? Number(this JsonElement json, string name) =>
        json.Find(name) is { } value
            ? value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && double.IsFinite(number)
                ? number
                : throw new FormatException($"the field '{name}' must be a number, but was {Shown(value)}.")
            : null;

    /// <summary>A number of steps, prompts or responses.</summary>
    public static int? Count(this JsonElement json, string name) =>
        json.Number(name) is { } number
            ? number is >= 0 and <= int.MaxValue && number == Math.Floor(number)
                ? (int)number
                : throw new FormatException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the field '{name}' must be a whole number from 0 to {int.MaxValue}, but was {number}."
                    )
                )
            : null;

    /// <summary>The elements of an array.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Array
            ? json.EnumerateArray()
            : throw new FormatException($"the field '{name}' must be a list, but was {Shown(json)}.");

    /// <summary>The extension field; an undefined element, whose fields are all missing, when there is none.</summary>
    public static JsonElement Beyond(this JsonElement json) => json.Find(RunLogFormat.Extension) ?? default;

    private static string Shown(JsonElement value) =>
        value.GetRawText() is var raw && raw.Length <= LongestShown ? raw : string.Concat(raw.AsSpan(0, LongestShown), "…");
}
