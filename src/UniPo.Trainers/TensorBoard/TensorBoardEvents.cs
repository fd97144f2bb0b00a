using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace UniPo;

/// <summary>TensorBoard's <c>events.out.tfevents…</c>: records of protobuf, each with its length and check sums.</summary>
internal static class TensorBoardEvents
{
    private const int LargestRecord = 64 << 20;

    /// <summary>True when the first record's length carries the right check sum.</summary>
    public static bool Fits(ReadOnlySpan<byte> start) =>
        start.Length >= 12 && Masked(start[..8]) == BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);

    public static TrainerLog Read(string path)
    {
        var builder = new RunBuilder(mayRestart: true);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        Span<byte> head = stackalloc byte[12];
        var damaged = 0;
        while (file.ReadAtLeast(head, 12, throwOnEndOfStream: false) == 12)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(head);
            if (Masked(head[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) || length > LargestRecord)
            {
                builder.Note("A record's length is damaged; what stands behind it is left out.");
                break;
            }
            var record = new byte[length + 4];
            if (file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) < record.Length)
            {
                builder.Note("The last record is torn and left out.");
                break;
            }
            if (Masked(record.AsSpan(0, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan((int)length)))
                damaged++;
            else if (!Event(record.AsSpan(0, (int)length), builder))
                damaged++;
        }
        if (damaged > 0)
            builder.Note($"{damaged} {(damaged == 1 ? "record is" : "records are")} damaged and left out.");
        return LogBuilder.Build(
            path,
            LogFormat.TensorBoard,
            builder,
            new HeaderFields(),
            keys => MethodNames.Trl(keys) is "SFT" ? MethodNames.Verl(keys, null) : MethodNames.Trl(keys)
        );
    }

    // Event: 1 wall_time (double), 2 step (varint), 5 summary. Summary: 1 value. Value: 1 tag, 2 simple_value (float), 8 tensor.
    private static bool Event(ReadOnlySpan<byte> data, RunBuilder builder)
    {
        long step = 0;
        var values = new List<(string, double)>();
        while (data.Length > 0)
        {
            if (!Field(ref data, out var number, out var varint, out var bytes))
                return false;
            if (number == 2)
                step = (long)varint;
            else if (number == 5 && !Summary(bytes, values))
                return false;
        }
        if (values.Count > 0 && step is >= 0 and <= int.MaxValue)
            builder.Add((int)step, values);
        return true;
    }

    private static bool Summary(ReadOnlySpan<byte> data, List<(string, double)> values)
    {
        while (data.Length > 0)
        {
            if (!Field(ref data, out var number, out _, out var bytes))
                return false;
            if (number == 1 && !Value(bytes, values))
                return false;
        }
        return true;
    }

    private static bool Value(ReadOnlySpan<byte> data, List<(string, double)> values)
    {
        string? tag = null;
        double? value = null;
        while (data.Length > 0)
        {
            if (!Field(ref data, out var number, out var varint, out var bytes))
                return false;
            if (number == 1)
                tag = Encoding.UTF8.GetString(bytes);
            else if (number == 2)
                value = BitConverter.UInt32BitsToSingle((uint)varint);
            else if (number == 8)
                value = Tensor(bytes) ?? value;
        }
        if (tag is { Length: > 0 } && value is { } found)
            values.Add((Plain(tag), found));
        return true;
    }

    // TensorProto: 4 content, 5 float_val (packed or single). Only single floats are metrics.
    private static double? Tensor(ReadOnlySpan<byte> data)
    {
        double? value = null;
        while (data.Length > 0)
        {
            if (!Field(ref data, out var number, out var varint, out var bytes))
                return null;
            if (number is 4 or 5)
                value =
                    bytes.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes)
                    : bytes.Length == 0 && number == 5 ? BitConverter.UInt32BitsToSingle((uint)varint)
                    : null;
        }
        return value;
    }

    private static string Plain(string tag) =>
        tag.StartsWith("train/", StringComparison.Ordinal) && MetricNames.All.All(m => !m.Fits(tag)) ? tag["train/".Length..]
        : tag.StartsWith("eval/", StringComparison.Ordinal) ? "eval_" + tag["eval/".Length..]
        : tag;

    private static bool Field(ref ReadOnlySpan<byte> data, out int number, out ulong value, out ReadOnlySpan<byte> bytes)
    {
        number = 0;
        value = 0;
        bytes = default;
        if (!Varint(ref data, out var key))
            return false;
        number = (int)(key >> 3);
        switch (key & 7)
        {
            case 0:
                return Varint(ref data, out value);
            case 1 when data.Length >= 8:
                value = BinaryPrimitives.ReadUInt64LittleEndian(data);
                data = data[8..];
                return true;
            case 5 when data.Length >= 4:
                value = BinaryPrimitives.ReadUInt32LittleEndian(data);
                data = data[4..];
                return true;
            case 2 when Varint(ref data, out var length) && length <= (ulong)data.Length:
                bytes = data[..(int)length];
                data = data[(int)length..];
                return true;
            default:
                return false;
        }
    }

    private static bool Varint(ref ReadOnlySpan<byte> data, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && data.Length > 0; shift += 7)
        {
            var part = data[0];
            data = data[1..];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return true;
        }
        return false;
    }

    /// <summary>TFRecord's masked check sum (CRC-32C, rotated, plus a constant).</summary>
    internal static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
