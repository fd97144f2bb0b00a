using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// Columns of numbers as one compressed text: 32-bit floats, split into byte planes (signs and exponents are alike), deflated,
/// base64.
/// </summary>
/// <param name="count">Numbers in each column.</param>
internal sealed class PackedColumns(int count)
{
    /// <summary>
    /// Bits of the mantissa for five significant digits, one more than views show; for four, as many as they show; for three.
    /// </summary>
    public const int FiveDigits = 17,
        FourDigits = 14,
        ThreeDigits = 11;

    private readonly List<(string Name, float[] Values)> _columns = [];

    /// <summary>Adds a column, one number a shown token; NaN where it was not measured.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">[count] its numbers.</param>
    /// <param name="mantissa">Bits of the mantissa that are kept, of 23: fewer bits take less room.</param>
    public void Add(string name, IEnumerable<double> values, int mantissa = 23)
    {
        float[] column = [.. values.Select(v => (float)v)];
        if (column.Length != count)
            throw new ArgumentException($"The column '{name}' needs {count} numbers, but {column.Length} were given.");
        for (var i = 0; i < column.Length; i++)
            column[i] = Shorten(column[i], mantissa);
        _columns.Add((name, column));
    }

    /// <summary>Writes names and numbers into a payload.</summary>
    public void WriteTo(JsonObject payload)
    {
        var all = _columns.Count * count;
        var planes = new byte[all * 4];
        Span<byte> one = stackalloc byte[4];
        for (var i = 0; i < all; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(one, _columns[i / count].Values[i % count]);
            for (var plane = 0; plane < 4; plane++)
                planes[plane * all + i] = one[plane];
        }
        var deflated = Deflate(planes);
        payload["columns"] = new JsonArray([.. _columns.Select(c => (JsonNode)c.Name)]);
        payload["tokens"] = count;
        payload["deflated"] = deflated.Length < planes.Length;
        payload["packed"] = Base64(deflated.Length < planes.Length ? deflated : planes);
    }

    // Rounds to the nearest number with few bits; infinities and NaN keep theirs.
    private static float Shorten(float value, int mantissa)
    {
        if (mantissa == 23 || !float.IsFinite(value))
            return value;
        var dropped = 23 - mantissa;
        var bits = BitConverter.SingleToUInt32Bits(value);
        var rounded = BitConverter.UInt32BitsToSingle((bits + (1u << (dropped - 1))) & ~((1u << dropped) - 1));
        return float.IsFinite(rounded) ? rounded : value;
    }

    /// <summary>A text, deflated: <c>[length in bytes, base64]</c>. Formulas repeat themselves, and shrink to an eighth.</summary>
    public static JsonArray Text(JsonNode node)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(node.ToJsonString(_plain));
        return new JsonArray(bytes.Length, Base64(Deflate(bytes)));
    }

    private static readonly System.Text.Json.JsonSerializerOptions _plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // JSON would write + as six characters.
    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-');

    private static byte[] Deflate(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(bytes);
        return target.ToArray();
    }
}
