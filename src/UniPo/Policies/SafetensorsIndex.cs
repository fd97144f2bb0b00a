using System.Text.Json;

namespace UniPo;

/// <summary>The index of a model that is stored in several files: <c>weight_map</c> says which tensor lies in which.</summary>
internal static class SafetensorsIndex
{
    private const long Longest = 100_000_000;

    /// <summary>Names of tensors by the file that holds them.</summary>
    /// <exception cref="InvalidDataException">It is no such index, or it names a file outside of its own folder.</exception>
    public static ILookup<string, string> Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > Longest)
            throw new InvalidDataException($"{path} is no index of a model: it has {stream.Length} bytes.");
        try
        {
            using var json = JsonDocument.Parse(stream);
            if (
                json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object
                || map.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String)
            )
                throw new InvalidDataException($"{path} is no index of a model: it needs a 'weight_map' from tensors to files.");
            var tensors = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in map.EnumerateObject())
                if (!tensors.TryAdd(property.Name, Inside(path, property.Value.GetString()!)))
                    throw new InvalidDataException($"{path} names the tensor '{property.Name}' twice.");
            return tensors.ToLookup(t => t.Value, t => t.Key, StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is no index of a model: it is not JSON ({fault.Message}).", fault);
        }
    }

    private static string Inside(string path, string file) =>
        file.Length > 0 && file is not ("." or "..") && file.AsSpan().IndexOfAny('/', '\\', ':') < 0
            ? file
            : throw new InvalidDataException($"{path} names the file '{file}'; the files of a model must lie beside its index.");
}
