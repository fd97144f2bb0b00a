using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>A .safetensors file, read tensor by tensor straight into libtorch's memory: F32, F16 and BF16.</summary>
internal sealed class SafetensorsShard : IDisposable
{
    private const ulong LongestHeader = 100_000_000;
    private readonly Dictionary<string, (ScalarType Type, long[] Shape, long Begin)> _tensors = new(StringComparer.Ordinal);
    private readonly FileStream _stream;
    private readonly string _path;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, or holds a type that is not supported.</exception>
    public SafetensorsShard(string path)
    {
        (_path, _stream) = (path, File.OpenRead(path));
        try
        {
            ReadHeader();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>The tensor in the type it is stored in.</summary>
    public Tensor Read(string name)
    {
        var (type, shape, begin) = _tensors[name];
        var tensor = empty(shape, dtype: type);
        _stream.Position = begin;
        tensor.ReadBytesFromStream(_stream);
        return tensor;
    }

    public void Dispose() => _stream.Dispose();

    private void ReadHeader()
    {
        Span<byte> eight = stackalloc byte[8];
        if (_stream.Length < 8)
            throw new InvalidDataException($"{_path} is no .safetensors file: it has {_stream.Length} bytes.");
        _stream.ReadExactly(eight);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(eight);
        if (length > LongestHeader || length > (ulong)(_stream.Length - 8))
            throw new InvalidDataException(
                $"{_path} is truncated or no .safetensors file: it announces a header of {length} bytes, but {_stream.Length - 8} follow."
            );
        var header = new byte[length];
        _stream.ReadExactly(header);
        try
        {
            using var json = JsonDocument.Parse(header);
            foreach (var property in json.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__"))
                _tensors.Add(property.Name, Entry(property.Name, property.Value, 8 + (long)length));
        }
        catch (Exception fault)
            when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{_path} is no .safetensors file: its header is malformed ({fault.Message})", fault);
        }
    }

    private (ScalarType Type, long[] Shape, long Begin) Entry(string name, JsonElement entry, long start)
    {
        var type = entry.GetProperty("dtype").GetString() switch
        {
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            var other => throw new InvalidDataException(
                $"{_path}: tensor '{name}' has the type {other}; supported are F32, F16 and BF16."
            ),
        };
        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        var offsets = entry.GetProperty("data_offsets");
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var bytes = shape.Aggregate((Int128)(type == ScalarType.Float32 ? 4 : 2), (a, b) => a * b);
        if (begin < 0 || shape.Any(d => d < 0) || bytes != end - begin || start + end > _stream.Length)
            throw new InvalidDataException(
                $"{_path}: tensor '{name}' of shape {Shape.Of(shape)} should lie at bytes {begin} to {end}, but that does not fit its shape or the file. It is truncated or corrupt."
            );
        return (type, shape, start + begin);
    }
}
