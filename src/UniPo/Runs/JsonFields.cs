using System.Text.Json;

namespace UniPo;

/// <summary>Optional fields of a JSON object: null where a field is missing or null.</summary>
internal static class JsonFields
{
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
                : throw new FormatException($"the field '{name}' must be a text, but was {value.GetRawText()}.")
            : null;

    public static double? Number(this JsonElement json, string name) =>
        json.Find(name) is { } value
            ? value.ValueKind == JsonValueKind.Number
                ? value.GetDouble()
                : throw new FormatException($"the field '{name}' must be a number, but was {value.GetRawText()}.")
            : null;

    /// <summary>The extension field; an undefined element, whose fields are all missing, when there is none.</summary>
    public static JsonElement Beyond(this JsonElement json) => json.Find(RunLogFormat.Extension) ?? default;
}
