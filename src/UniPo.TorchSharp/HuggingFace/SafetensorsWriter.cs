using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Writes tensors as a .safetensors file, one after the other, in a given type.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes a file: first beside its place, then by one rename.</summary>
    /// <param name="path">Where.</param>
    /// <param name="tensors">What, in the order in which it is stored; each is made when its turn comes.</param>
    /// <param name="type">Float32, Float16 or BFloat16.</param>
    /// <exception cref="IOException">The folder is missing, full, or not writable.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, long[] Shape, Func<Tensor> Make)> tensors, ScalarType type)
    {
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                WriteHeader(stream, tensors, type);
                foreach (var (_, _, make) in tensors)
                    WriteNumbers(stream, make, type);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Bytes that a tensor takes.</summary>
    public static long Bytes(IEnumerable<long> shape, ScalarType type) =>
        shape.Aggregate(type == ScalarType.Float32 ? 4L : 2L, (a, b) => a * b);

    /// <summary>What the format calls a type.</summary>
    /// <exception cref="ArgumentException">The type is not supported.</exception>
    public static string NameOf(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => "F32",
            ScalarType.Float16 => "F16",
            ScalarType.BFloat16 => "BF16",
            _ => throw new ArgumentException($"Weights are written as Float32, Float16 or BFloat16, not as {type}."),
        };

    private static void WriteHeader(
        Stream stream,
        IReadOnlyList<(string Name, long[] Shape, Func<Tensor> Make)> tensors,
        ScalarType type
    )
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // transformers refuses files that do not say for which framework they are
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, shape, _) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(type));
                Numbers(json, "shape", shape);
                Numbers(json, "data_offsets", [offset, offset += Bytes(shape, type)]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' '); // so that the numbers begin at a multiple of eight
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, buffer.Length);
        stream.Write(length);
        buffer.WriteTo(stream);
    }

    private static void WriteNumbers(Stream stream, Func<Tensor> make, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        make().detach().cpu().to(type).contiguous().WriteBytesToStream(stream);
    }

    private static void Numbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
