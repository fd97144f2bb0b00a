using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace UniPo;

/// <summary>What the index keeps of a response: numbers of fixed size, whatever the response's length.</summary>
/// <param name="Group">A number that responses of one group share.</param>
/// <param name="Reward">The reward; NaN when the line has none.</param>
/// <param name="Step">The step; −1 when the line does not say.</param>
/// <param name="Length">Tokens of the response, or bytes of its text.</param>
/// <param name="Truncated">True when the line says that the limit cut it off.</param>
internal readonly record struct LineHead(ulong Group, double Reward, int Step, int Length, bool Truncated);

/// <summary>Looks at the top level of lines; texts are hashed and lists counted, nothing of them is kept.</summary>
/// <param name="format">The kind of file.</param>
internal sealed class LineScanner(RolloutFormat format)
{
    private static readonly JsonReaderOptions _options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly List<int> _ids = [];
    private ulong _group;
    private bool _hasUid,
        _truncated;
    private double _reward;
    private int _step,
        _length,
        _firstCounted;

    /// <summary>Reads a line's head.</summary>
    /// <param name="line">The line's bytes.</param>
    /// <param name="fileStep">The step that the file's name tells; −1 when it does not.</param>
    /// <returns>Null when the line is no JSON object.</returns>
    public LineHead? Read(ReadOnlySpan<byte> line, int fileStep)
    {
        _ids.Clear();
        (_group, _hasUid, _truncated, _reward, _step, _length, _firstCounted) = (0, false, false, double.NaN, fileStep, 0, -1);
        try
        {
            var reader = new Utf8JsonReader(line, _options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                Property(ref reader);
            if (reader.TokenType != JsonTokenType.EndObject)
                return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
        if (_ids.Count > 0) // the prompt: the ids before the first that counts
            _group = Hash(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_ids)[..Math.Clamp(_firstCounted, 0, _ids.Count)]));
        return new LineHead(_group, _reward, _step, _length, _truncated);
    }

    private void Property(ref Utf8JsonReader reader)
    {
        bool Is(ref Utf8JsonReader r, string? name) => name is not null && r.ValueTextEquals(name);
        if (Is(ref reader, format.StepField))
        {
            reader.Read();
            if (Number(ref reader) is >= 0 and <= int.MaxValue and var step)
                _step = (int)step;
        }
        else if (Is(ref reader, format.RewardField))
        {
            reader.Read();
            _reward = Number(ref reader);
        }
        else if (reader.ValueTextEquals("uid"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
                (_group, _hasUid) = (Hash(WithoutIndices(reader.ValueSpan)), true);
        }
        else if (Is(ref reader, format.GroupField))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
                Ids(ref reader);
            else if (!_hasUid)
                _group = Hash(reader.ValueSpan);
        }
        else if (Is(ref reader, format.LengthField))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
                Count(ref reader);
            else if (reader.TokenType == JsonTokenType.String)
                _length = reader.ValueSpan.Length;
        }
        else if (reader.ValueTextEquals("finish_reason"u8))
        {
            reader.Read();
            _truncated = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("length"u8);
        }
        else
            reader.Read();
        reader.Skip();
    }

    private void Ids(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
            if (reader.TokenType == JsonTokenType.Number)
                _ids.Add(reader.TryGetInt32(out var id) ? id : -1);
    }

    // A mask's length is the number of tokens between the first and the last that counts; another list's is its own.
    private void Count(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var (at, last, isMask) = (0, -1, format.GroupField == "token_ids");
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            if (
                reader.TokenType == JsonTokenType.True
                || reader.TokenType == JsonTokenType.Number && reader.ValueSpan[0] is >= (byte)'1' and <= (byte)'9'
            )
            {
                if (_firstCounted < 0)
                    _firstCounted = at;
                last = at;
            }
            at++;
        }
        _length =
            !isMask ? at
            : last < 0 ? 0
            : last + 1 - _firstCounted;
    }

    // A number, a number written as a text, or a list that begins with one.
    private static double Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetDouble(out var number) ? number : double.NaN;
        if (reader.TokenType == JsonTokenType.String)
            return PythonLiteral.Number(Encoding.UTF8.GetString(reader.ValueSpan));
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True ? 1 : 0;
        if (reader.TokenType != JsonTokenType.StartArray)
            return double.NaN;
        var (depth, first) = (reader.CurrentDepth, double.NaN);
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
            if (double.IsNaN(first) && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number))
                first = number;
        return first;
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 0x9E3779B97F4A7C15UL + (ulong)bytes.Length;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            hash = Mix(hash ^ word);
        foreach (var one in bytes[(bytes.Length & ~7)..])
            hash = Mix(hash ^ one);
        return hash;
    }

    private static ulong Mix(ulong value)
    {
        value *= 0xD6E8FEB86659FD93UL;
        return value ^ (value >> 32);
    }

    // prompt_rollout_output: the group is what stands before the last two underscores.
    private static ReadOnlySpan<byte> WithoutIndices(ReadOnlySpan<byte> uid)
    {
        for (var i = 0; i < 2; i++)
            if (uid.LastIndexOf((byte)'_') is > 0 and var cut)
                uid = uid[..cut];
        return uid;
    }
}
