using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace UniPo;

/// <summary>
/// Named float tensors and text, in the .safetensors format: eight bytes of header length, a JSON header, the raw numbers.
/// </summary>
/// <remarks>
/// Written atomically: a crash leaves the old file or the new one, never half of one. Numbers are written as little-endian
/// 32-bit floats (F32); F16 and BF16 are read too.
/// </remarks>
public sealed class SafetensorsFile
{
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
            Write(stream, entry.Values);
    }

    /// <summary>Reads a whole file into memory; <see cref="SafetensorsReader"/> reads larger ones tensor by tensor.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, or not a .safetensors file of F32, F16 or BF16 tensors; the
    /// message names file and tensor.</exception>
    public static SafetensorsFile Load(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        return From(reader);
    }

    /// <summary>Reads a file that is already in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="origin">What errors call it.</param>
    /// <exception cref="InvalidDataException">As in <see cref="Load"/>.</exception>
    public static unsafe SafetensorsFile Parse(ReadOnlySpan<byte> bytes, string origin)
    {
        if (bytes.IsEmpty)
            bytes = new byte[1]; // pinning nothing gives no address; one byte is no header either
        fixed (byte* first = bytes)
        {
            using var reader = SafetensorsReader.Open(new UnmanagedMemoryStream(first, bytes.Length), origin);
            return From(reader);
        }
    }

    /// <summary>Reads a file from a stream that can seek.</summary>
    internal static SafetensorsFile Read(Stream stream, string origin)
    {
        using var reader = SafetensorsReader.Open(stream, origin);
        return From(reader);
    }

    private static SafetensorsFile From(SafetensorsReader reader)
    {
        var file = new SafetensorsFile { Origin = reader.Origin };
        foreach (var (key, value) in reader.Metadata)
            file.Metadata[key] = value;
        foreach (var name in reader.Names)
            file._tensors.Add(name, new Entry([.. reader.ShapeOf(name)], reader.Read(name)));
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

    private Entry Find(string name) =>
        _tensors.TryGetValue(name, out var entry)
            ? entry
            : throw new InvalidDataException(
                $"{Origin} has no tensor '{name}'; it holds {Examples.Of(_tensors.Keys, _tensors.Count)}."
            );

    private static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        const int most = 1 << 24; // in pieces: a span of bytes cannot be as long as one of floats
        for (; !values.IsEmpty; values = values[Math.Min(values.Length, most)..])
        {
            var piece = values[..Math.Min(values.Length, most)];
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(MemoryMarshal.AsBytes(piece));
                continue;
            }
            var bytes = new byte[piece.Length * 4];
            for (var i = 0; i < piece.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), piece[i]);
            stream.Write(bytes);
        }
    }

    private static string Describe<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";
}
