using System.Globalization;
using System.Text.Json;

namespace UniPo.Tests.Golden;

/// <summary>One case of a golden file: what went into another program's function, and what came out.</summary>
internal sealed record GoldenCase(string File, int Index, JsonElement Json)
{
    /// <summary>A case without settings.</summary>
    public static GoldenCase None { get; } = new("", 0, default);

    public bool Has(string key) =>
        Json.ValueKind == JsonValueKind.Object
        && Json.TryGetProperty(key, out var value)
        && value.ValueKind != JsonValueKind.Null;

    public string Text(string key) => Get(key).GetString() ?? throw new NotCoveredException($"'{key}' is null");

    public string? TextOrNull(string key) =>
        Has(key) && Json.GetProperty(key).ValueKind == JsonValueKind.String ? Text(key) : null;

    private JsonElement Get(string key) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(key, out var value)
            ? value
            : throw new NotCoveredException($"the case has no '{key}'");

    public double Number(string key) => Number(Get(key));

    public double[] Numbers(string key) => Numbers(Get(key));

    public double[][] Grid(string key) => [.. Get(key).EnumerateArray().Select(Numbers)];

    public GoldenCase Inside(string key) => this with { Json = Has(key) ? Json.GetProperty(key) : default };

    /// <summary>A setting, or its default when the case does not mention it; an explicit null is the default, too.</summary>
    public double Or(string key, double fallback) => OrNull(key) ?? fallback;

    /// <summary>A setting that is an array; null when the case does not mention it.</summary>
    public double[]? NumbersOrNull(string key) => Has(key) ? Numbers(key) : null;

    public double? OrNull(string key) => Json.ValueKind == JsonValueKind.Object && Has(key) ? Number(key) : null;

    public bool Flag(string key) =>
        Json.ValueKind == JsonValueKind.Object && Has(key) && Json.GetProperty(key).ValueKind == JsonValueKind.True;

    /// <summary>Throws when the case has a setting this mapping does not know: it must not be passed over in silence.</summary>
    public void Knows(params string[] keys)
    {
        if (Json.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in Json.EnumerateObject())
            if (!keys.Contains(property.Name))
                throw new NotCoveredException($"setting '{property.Name}' has no mapping");
    }

    public static double[] Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(Number)] : [Number(element)];

    public static double Number(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => double.Parse(element.GetString()!, CultureInfo.InvariantCulture),
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => element.GetDouble(),
        };

    public override string ToString()
    {
        var text = string.Join(
            ", ",
            Json.EnumerateObject()
                .Select(p => (p.Name, Text: p.Value.GetRawText()))
                .Where(p => p.Text.Length < 160)
                .Select(p => $"{p.Name}={p.Text}")
        );
        return $"{File}[{Index}] {text}";
    }
}

/// <summary>A case that no mapping covers.</summary>
internal sealed class NotCoveredException(string reason) : Exception(reason);
