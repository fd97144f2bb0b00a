using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace UniPo;

/// <summary>
/// Reads tensors one at a time from a .safetensors file, or from several that an index holds together, without holding more than
/// the tensor at hand in memory.
/// </summary>
/// <remarks>
/// Numbers of the types F32, F16 and BF16 become 32-bit floats. A file is opened when the reader is made and closed with it. One
/// reader serves one thread at a time.
/// </remarks>
public sealed class SafetensorsReader : IDisposable
{
    private const string IndexName = "model.safetensors.index.json",
        FileName = "model.safetensors";
    private readonly List<Stream> _streams = [];
    private readonly Dictionary<string, (Stream Stream, SafetensorsEntry Entry, string Origin)> _tensors = new(
        StringComparer.Ordinal
    );

    private SafetensorsReader(string origin) => Origin = origin;

    /// <summary>What errors call it: the path it was opened under.</summary>
    public string Origin { get; }

    /// <summary>Names of all tensors, in the order in which they are stored.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Text by key; of several files, all together.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Opens a model.</summary>
    /// <param name="path">A .safetensors file; an index of several (<c>…index.json</c>); or a folder that holds
    /// <c>model.safetensors.index.json</c> or <c>model.safetensors</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is truncated, corrupt, or something else; the message names it.</exception>
    public static SafetensorsReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            var index = Path.Combine(path, IndexName);
            path = File.Exists(index) ? index : Path.Combine(path, FileName);
        }
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        var reader = new SafetensorsReader(path);
        try
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                reader.AddShards(path);
            else
                reader.Add(File.OpenRead(path), path, wanted: null);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads from memory or elsewhere.</summary>
    /// <param name="stream">Stands at the beginning; can seek. It is closed with the reader.</param>
    /// <param name="origin">What errors call it.</param>
    internal static SafetensorsReader Open(Stream stream, string origin)
    {
        var reader = new SafetensorsReader(origin);
        reader.Add(stream, origin, wanted: null);
        return reader;
    }

    /// <summary>True when a tensor of this name exists.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The dimensions of a tensor, outermost first.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    public IReadOnlyList<int> ShapeOf(string name) => Find(name).Entry.Shape;

    /// <summary>The format's name for a tensor's numbers, for instance <c>BF16</c>.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    public string TypeOf(string name) => Find(name).Entry.Type;

    /// <summary>Reads the numbers of a tensor, row after row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">As long as the tensor has elements.</param>
    /// <exception cref="ArgumentException">The target has another length.</exception>
    /// <exception cref="InvalidDataException">There is no such tensor, or its numbers are of a type that is not read.</exception>
    public void Read(string name, Span<float> target)
    {
        var (stream, entry, origin) = Find(name);
        if (entry.Count != target.Length)
            throw new ArgumentException($"Tensor '{name}' has {entry.Count} elements, but there was room for {target.Length}.");
        stream.Position = entry.Begin;
        try
        {
            Read(stream, entry.Type, target);
        }
        catch (NotSupportedException)
        {
            throw new InvalidDataException(
                $"{origin}: tensor '{name}' has the type {entry.Type}; only F32, F16 and BF16 are read."
            );
        }
        catch (EndOfStreamException fault)
        {
            throw new InvalidDataException($"{origin}: the file ends within tensor '{name}'.", fault);
        }
    }

    /// <summary>The numbers of a tensor, row after row.</summary>
    /// <exception cref="InvalidDataException">As above, or it has more elements than an array can hold.</exception>
    public float[] Read(string name)
    {
        var (_, entry, origin) = Find(name);
        if (entry.Count > Array.MaxLength)
            throw new InvalidDataException($"{origin}: tensor '{name}' has {entry.Count} elements, more than an array can hold.");
        var values = new float[entry.Count];
        Read(name, values);
        return values;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var stream in _streams)
            stream.Dispose();
    }

    private static void Read(Stream stream, string type, Span<float> target)
    {
        if (type == "F32" && BitConverter.IsLittleEndian)
        {
            while (!target.IsEmpty) // in pieces: a span of bytes cannot be as long as one of floats
            {
                var piece = target[..Math.Min(target.Length, 1 << 24)];
                stream.ReadExactly(MemoryMarshal.AsBytes(piece));
                target = target[piece.Length..];
            }
            return;
        }
        var size = type switch
        {
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => throw new NotSupportedException(),
        };
        var bytes = new byte[Math.Min((long)target.Length * size, 1 << 16)];
        for (var at = 0; at < target.Length; )
        {
            var part = target.Slice(at, Math.Min(target.Length - at, bytes.Length / size));
            stream.ReadExactly(bytes, 0, part.Length * size);
            for (var i = 0; i < part.Length; i++)
                part[i] = Number(bytes.AsSpan(i * size, size), type);
            at += part.Length;
        }
    }

    private static float Number(ReadOnlySpan<byte> bytes, string type) =>
        type switch
        {
            "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            // A BF16 is the upper half of a 32-bit float.
            _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        };

    private void Add(Stream stream, string origin, HashSet<string>? wanted)
    {
        _streams.Add(stream);
        var header = SafetensorsHeader.Read(stream, origin);
        foreach (var (key, value) in header.Metadata)
            Metadata[key] = value;
        foreach (var (name, entry) in header.Tensors)
            if (wanted is null || wanted.Contains(name))
                _tensors.Add(name, (stream, entry, origin));
    }

    /// <summary>The files that an index holds together; each tensor comes from the file that the index names.</summary>
    private void AddShards(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var shard in SafetensorsIndex.Read(path))
        {
            var file = Path.Combine(folder, shard.Key);
            if (!File.Exists(file))
                throw new FileNotFoundException($"{path} names the file '{shard.Key}', but it is not there.", file);
            var wanted = shard.ToHashSet(StringComparer.Ordinal);
            Add(File.OpenRead(file), file, wanted);
            if (wanted.FirstOrDefault(name => !_tensors.ContainsKey(name)) is { } missing)
                throw new InvalidDataException($"{path} says that '{shard.Key}' holds the tensor '{missing}', but it does not.");
        }
    }

    private (Stream Stream, SafetensorsEntry Entry, string Origin) Find(string name) =>
        _tensors.TryGetValue(name, out var found)
            ? found
            : throw new InvalidDataException(
                $"{Origin} has no tensor '{name}'; it holds {Examples.Of(_tensors.Keys, _tensors.Count)}."
            );
}
