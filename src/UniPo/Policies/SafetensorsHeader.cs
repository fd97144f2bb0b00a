using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>One tensor of a .safetensors file: what it is, and where its numbers lie.</summary>
/// <param name="Type">The format's name for its numbers, for instance <c>F32</c>.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Begin">First byte, from the start of the file.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafetensorsEntry(string Type, int[] Shape, long Begin, long End)
{
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>
/// The header of a .safetensors file: eight bytes of length, then JSON that maps names to types, shapes and places.
/// </summary>
/// <remarks>
/// Nothing is believed: what a header claims must fit the file's size before memory is reserved for it, and no two tensors may
/// claim the same bytes, so that all tensors together are never larger than the file.
/// </remarks>
internal sealed class SafetensorsHeader
{
    private const int Longest = 100_000_000,
        MostDimensions = 8;

    /// <summary>Bytes of a number, for every type the format knows.</summary>
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["F64"] = 8,
        ["F32"] = 4,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I64"] = 8,
        ["I32"] = 4,
        ["I16"] = 2,
        ["I8"] = 1,
        ["U64"] = 8,
        ["U32"] = 4,
        ["U16"] = 2,
        ["U8"] = 1,
        ["BOOL"] = 1,
        ["F8_E4M3"] = 1,
        ["F8_E5M2"] = 1,
    };

    private readonly string _origin;
    private readonly long _start,
        _length;

    private SafetensorsHeader(string origin, long start, long length) => (_origin, _start, _length) = (origin, start, length);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>By name, in the order of the header.</summary>
    public Dictionary<string, SafetensorsEntry> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the header of a file.</summary>
    /// <param name="stream">Stands at the file's beginning and can tell its length.</param>
    /// <param name="origin">What errors call the file.</param>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, or no .safetensors file.</exception>
    public static SafetensorsHeader Read(Stream stream, string origin)
    {
        var bytes = stream.Length;
        if (bytes < 8)
            throw new InvalidDataException(
                $"{origin} is no .safetensors file: it has {bytes} bytes, but the header's length alone takes 8."
            );
        Span<byte> eight = stackalloc byte[8];
        stream.ReadExactly(eight);
        if (eight.SequenceEqual("version "u8))
            throw new InvalidDataException(
                $"{origin} is no .safetensors file but a Git LFS pointer to one: fetch the file itself, for instance with 'git lfs pull'."
            );
        var length = BinaryPrimitives.ReadUInt64LittleEndian(eight);
        if (length > Longest || length > (ulong)(bytes - 8))
            throw new InvalidDataException(
                $"{origin} is truncated or no .safetensors file: it announces a header of {length} bytes, but {bytes - 8} follow."
            );
        var text = new byte[length];
        stream.ReadExactly(text);
        var header = new SafetensorsHeader(origin, 8 + (long)length, bytes - 8 - (long)length);
        try
        {
            using var json = JsonDocument.Parse(text);
            header.Read(json.RootElement);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{origin} is no .safetensors file: its header is not JSON ({Short(fault.Message)}).", fault);
        }
        catch (InvalidOperationException fault) // what the JSON reader says of text that is not UTF-8
        {
            throw new InvalidDataException($"{origin}: its header holds text that is not UTF-8.", fault);
        }
        header.RefuseOverlaps();
        return header;
    }

    private void Read(JsonElement header)
    {
        if (header.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException(
                $"{_origin} is no .safetensors file: its header is a JSON {header.ValueKind}, not an object."
            );
        foreach (var property in header.EnumerateObject())
        {
            if (property.Name == "__metadata__")
                ReadMetadata(property.Value);
            else if (!Tensors.TryAdd(property.Name, ReadTensor(Shorten(property.Name), property.Value)))
                throw new InvalidDataException($"{_origin}: tensor '{Shorten(property.Name)}' is listed twice.");
        }
    }

    private void ReadMetadata(JsonElement metadata)
    {
        if (
            metadata.ValueKind != JsonValueKind.Object
            || metadata.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String)
        )
            throw new InvalidDataException($"{_origin}: '__metadata__' must map names to text.");
        foreach (var property in metadata.EnumerateObject())
            Metadata[property.Name] = property.Value.GetString()!;
    }

    private SafetensorsEntry ReadTensor(string name, JsonElement tensor)
    {
        if (
            tensor.ValueKind != JsonValueKind.Object
            || !tensor.TryGetProperty("dtype", out var dtype)
            || Integers(tensor, "shape", int.MaxValue) is not { } shape
            || Integers(tensor, "data_offsets", long.MaxValue) is not [var begin, var end]
        )
            throw new InvalidDataException(
                $"{_origin}: tensor '{name}' needs a dtype, a shape and two data_offsets, but its entry is {Shorten(tensor.GetRawText())}."
            );
        var type = dtype.ValueKind == JsonValueKind.String ? dtype.GetString()! : dtype.GetRawText();
        if (!Sizes.TryGetValue(type, out var size))
            throw new InvalidDataException(
                $"{_origin}: tensor '{name}' has the type {Shorten(type)}, which is not known; F32, F16 and BF16 are read."
            );
        if (begin > end || end > _length)
            throw new InvalidDataException(
                $"{_origin}: tensor '{name}' lies at bytes {begin} to {end}, but the file holds {_length} bytes of numbers. It is truncated or corrupt."
            );
        if (Bytes(shape, size) != end - begin)
            throw new InvalidDataException(
                $"{_origin}: tensor '{name}' of shape [{string.Join(", ", shape)}] and type {type} does not fit the {end - begin} bytes it has."
            );
        return new SafetensorsEntry(type, [.. shape.Select(d => (int)d)], _start + begin, _start + end);
    }

    /// <summary>Bytes of a tensor; −1 when there are more than a file can hold.</summary>
    private static long Bytes(long[] shape, int size)
    {
        if (shape.Contains(0))
            return 0;
        var bytes = (UInt128)size; // shapes have at most eight dimensions: this cannot overflow before it is seen
        foreach (var dimension in shape)
            if ((bytes *= (UInt128)dimension) > long.MaxValue)
                return -1;
        return (long)bytes;
    }

    private void RefuseOverlaps()
    {
        var last = (Name: "", End: 0L);
        foreach (var (name, entry) in Tensors.OrderBy(t => t.Value.Begin).ThenBy(t => t.Value.End))
        {
            if (entry.Begin < last.End && entry.End > entry.Begin)
                throw new InvalidDataException(
                    $"{_origin}: the tensors '{Shorten(last.Name)}' and '{Shorten(name)}' lie over the same bytes."
                );
            if (entry.End > last.End)
                last = (name, entry.End);
        }
    }

    private static long[]? Integers(JsonElement tensor, string name, long most)
    {
        if (
            !tensor.TryGetProperty(name, out var array)
            || array.ValueKind != JsonValueKind.Array
            || array.GetArrayLength() > MostDimensions
        )
            return null;
        var numbers = new List<long>();
        foreach (var element in array.EnumerateArray())
            if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0 && number <= most)
                numbers.Add(number);
            else
                return null;
        return [.. numbers];
    }

    private static string Shorten(string text) =>
        text.Length <= 200 ? text : new StringBuilder(text, 0, 200, 201).Append('…').ToString();

    // The JSON reader quotes what it stumbled on, which may be the rest of the header; where it stood is at the end.
    private static string Short(string message) => message.Length <= 200 ? message : message[..100] + " … " + message[^90..];
}
