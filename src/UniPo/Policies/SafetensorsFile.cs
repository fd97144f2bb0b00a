using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>
/// Named float tensors and text, in the .safetensors format: eight bytes of header length, a JSON header, the raw numbers.
/// </summary>
/// <remarks>
/// Written atomically: a crash leaves the old file or the new one, never half of one. Numbers are little-endian 32-bit floats
/// (F32).
/// </remarks>
public sealed class SafetensorsFile
{
    private const int LongestHeader = 100_000_000;
    private readonly Dictionary<string, Entry> _tensors = new(StringComparer.Ordinal);

    private sealed record Entry(int[] Shape, float[] Values);

    /// <summary>Text by key; stored under <c>__metadata__</c>.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of all tensors, in the order in which they were added or stored.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>What errors call this file: its path, or the name it was read under.</summary>
    public string Origin { get; private init; } = "the file";

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name; not taken yet.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="values">Its numbers, row after row; copied.</param>
    /// <exception cref="ArgumentException">The name is taken, or the shape does not fit the number of values.</exception>
    public void Add(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        var count = shape.Aggregate(1L, (a, b) => a * b);
        if (count != values.Length)
            throw new ArgumentException(
                $"Tensor '{name}' of shape {Describe(shape)} has {count} elements, but {values.Length} values were given."
            );
        if (!_tensors.TryAdd(name, new Entry([.. shape], values.ToArray())))
            throw new ArgumentException($"There is already a tensor '{name}'.");
    }

    /// <summary>True when a tensor of this name exists.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The dimensions of a tensor, outermost first.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    public IReadOnlyList<int> ShapeOf(string name) => Find(name).Shape;

    /// <summary>The numbers of a tensor, row after row.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    public ReadOnlySpan<float> this[string name] => Find(name).Values;

    /// <summary>The numbers of a tensor that must have a given shape.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or it has another shape.</exception>
    public ReadOnlySpan<float> Read(string name, IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var entry = Find(name);
        return entry.Shape.SequenceEqual(shape)
            ? entry.Values
            : throw new InvalidDataException(
                $"{Origin}: tensor '{name}' has the shape {Describe(entry.Shape)}, but {Describe(shape)} is needed."
            );
    }

    /// <summary>Writes the file: first beside its place, then by one rename.</summary>
    /// <exception cref="IOException">The folder is missing, full, or not writable.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, overwrite: true, Write);
    }

    /// <summary>Writes header and numbers to a stream.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = Header();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var entry in _tensors.Values)
            stream.Write(ToLittleEndian(entry.Values));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, or not a .safetensors file of F32 tensors; the message
    /// names file and tensor.</exception>
    public static SafetensorsFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a file that is already in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="origin">What errors call it.</param>
    /// <exception cref="InvalidDataException">As in <see cref="Load"/>.</exception>
    public static SafetensorsFile Parse(ReadOnlySpan<byte> bytes, string origin)
    {
        if (bytes.Length < 8)
            throw new InvalidDataException(
                $"{origin} is no .safetensors file: it has {bytes.Length} bytes, but the header's length alone takes 8."
            );
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > LongestHeader || length > (ulong)(bytes.Length - 8))
            throw new InvalidDataException(
                $"{origin} is truncated or no .safetensors file: it announces a header of {length} bytes, but {bytes.Length - 8} follow."
            );
        var file = new SafetensorsFile { Origin = origin };
        try
        {
            using var header = JsonDocument.Parse(bytes.Slice(8, (int)length).ToArray());
            file.ReadHeader(header.RootElement, bytes[(8 + (int)length)..]);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{origin} is no .safetensors file: its header is not JSON ({fault.Message}).", fault);
        }
        return file;
    }

    private byte[] Header()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in Metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var (name, entry) in _tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", entry.Shape.Select(d => (long)d));
                WriteNumbers(json, "data_offsets", [offset, offset += entry.Values.Length * 4L]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' '); // so that the numbers begin at a multiple of eight
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private void ReadHeader(JsonElement header, ReadOnlySpan<byte> numbers)
    {
        if (header.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException(
                $"{Origin} is no .safetensors file: its header is a JSON {header.ValueKind}, not an object."
            );
        foreach (var property in header.EnumerateObject())
        {
            if (property.Name == "__metadata__")
                ReadMetadata(property.Value);
            else if (!_tensors.TryAdd(property.Name, ReadTensor(property.Name, property.Value, numbers)))
                throw new InvalidDataException($"{Origin}: tensor '{property.Name}' is listed twice.");
        }
    }

    private void ReadMetadata(JsonElement metadata)
    {
        if (
            metadata.ValueKind != JsonValueKind.Object
            || metadata.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String)
        )
            throw new InvalidDataException($"{Origin}: '__metadata__' must map names to text.");
        foreach (var property in metadata.EnumerateObject())
            Metadata[property.Name] = property.Value.GetString()!;
    }

    private Entry ReadTensor(string name, JsonElement tensor, ReadOnlySpan<byte> numbers)
    {
        if (
            tensor.ValueKind != JsonValueKind.Object
            || !tensor.TryGetProperty("dtype", out var type)
            || Integers(tensor, "shape", int.MaxValue) is not { } shape
            || Integers(tensor, "data_offsets", long.MaxValue) is not [var begin, var end]
        )
            throw new InvalidDataException(
                $"{Origin}: tensor '{name}' needs a dtype, a shape and two data_offsets, but its entry is {Shorten(tensor.GetRawText())}."
            );
        if (type.ValueKind != JsonValueKind.String || type.GetString() != "F32")
            throw new InvalidDataException(
                $"{Origin}: tensor '{name}' has the type {Shorten(type.ToString())}; only F32 is read."
            );
        if (begin > end || end > numbers.Length)
            throw new InvalidDataException(
                $"{Origin}: tensor '{name}' lies at bytes {begin} to {end}, but the file holds {numbers.Length} bytes of numbers. It is truncated or corrupt."
            );
        if (shape.Aggregate((UInt128)4, (a, b) => a * (UInt128)b) != (UInt128)(end - begin))
            throw new InvalidDataException(
                $"{Origin}: tensor '{name}' of shape {Describe(shape)} does not fit the {end - begin} bytes it has."
            );
        return new Entry([.. shape.Select(d => (int)d)], FromLittleEndian(numbers[(int)begin..(int)end]));
    }

    private static long[]? Integers(JsonElement tensor, string name, long most)
    {
        if (!tensor.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > 8)
            return null;
        var numbers = new List<long>();
        foreach (var element in array.EnumerateArray())
            if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0 && number <= most)
                numbers.Add(number);
            else
                return null;
        return [.. numbers];
    }

    private Entry Find(string name) =>
        _tensors.TryGetValue(name, out var entry)
            ? entry
            : throw new InvalidDataException(
                $"{Origin} has no tensor '{name}'; it holds {Shorten(string.Join(", ", _tensors.Keys))}."
            );

    private static ReadOnlySpan<byte> ToLittleEndian(float[] values)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes<float>(values);
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        return bytes;
    }

    private static float[] FromLittleEndian(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]);
        return values;
    }

    private static string Describe<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";

    private static string Shorten(string text) =>
        text.Length <= 200 ? text : new StringBuilder(text, 0, 200, 201).Append('…').ToString();
}
