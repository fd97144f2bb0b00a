using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>Columns of numbers as one compressed text: 32-bit floats, split into byte planes (signs and exponents are alike), deflated, base64.</summary>
internal sealed class PackedColumns(int tokens)
{
    private readonly List<(string Name, float[] Values)> _columns = [];

    /// <summary>Adds a column, one number a shown token; NaN where it was not measured.</summary>
    public void Add(string name, IEnumerable<double> values)
    {
        float[] column = [.. values.Select(v => (float)v)];
        if (column.Length != tokens) throw new ArgumentException($"The column '{name}' needs {tokens} numbers, but {column.Length} were given.");
        _columns.Add((name, column));
    }

    /// <summary>Writes names and numbers into a payload.</summary>
    public void WriteTo(JsonObject payload)
    {
        var count = _columns.Count * tokens;
        var planes = new byte[count * 4];
        Span<byte> one = stackalloc byte[4];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(one, _columns[i / tokens].Values[i % tokens]);
            for (var plane = 0; plane < 4; plane++) planes[plane * count + i] = one[plane];
        }
        var deflated = Deflate(planes);
        payload["columns"] = new JsonArray([.. _columns.Select(c => (JsonNode)c.Name)]);
        payload["tokens"] = tokens;
        payload["deflated"] = deflated.Length < planes.Length;
        payload["packed"] = Convert.ToBase64String(deflated.Length < planes.Length ? deflated : planes).Replace('+', '-'); // JSON would write + as six characters
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(bytes);
        return target.ToArray();
    }
}
