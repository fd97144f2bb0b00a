using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>
/// Gives access to one head of attention rows: in place where heads are whole lanes, else through padded copies.
/// </summary>
internal static unsafe class HeadCopies<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>The head's rows; copied if they must be.</summary>
    public static HeadRows Open(in AttentionRows rows, int head, int total, bool backward)
    {
        var (size, padded, part) = (rows.HeadSize, Padding.Up(rows.HeadSize), rows.Part);
        var queries = rows.QueryKeyValue + (head * size);
        var gradient = rows.QueryKeyValueGradient + (head * size);
        var outputs = rows.Attended + (head * size);
        if (size % Lanes == 0)
            return new HeadRows
            {
                Queries = queries,
                Keys = queries + part,
                Values = queries + (2 * part),
                Outputs = outputs,
                QueryGradient = gradient,
                KeyGradient = gradient + part,
                ValueGradient = gradient + (2 * part),
                Stride = 3 * part,
                OutputStride = part,
                Size = size,
                Padded = padded,
            };
        var copies = rows.Scratch.Rows;
        var block = rows.Scratch.Block;
        for (var i = 0; i < 3; i++)
            Copy(queries + (i * part), 3 * part, copies + (i * block), padded, total, size);
        if (backward)
            Copy(outputs, part, copies + (3 * block), padded, total, size);
        return new HeadRows
        {
            Queries = copies,
            Keys = copies + block,
            Values = copies + (2 * block),
            Outputs = copies + (3 * block),
            QueryGradient = copies + (4 * block),
            KeyGradient = copies + (5 * block),
            ValueGradient = copies + (6 * block),
            Stride = padded,
            OutputStride = padded,
            Size = size,
            Padded = padded,
        };
    }

    /// <summary>Brings copied outputs back.</summary>
    public static void CloseForward(in AttentionRows rows, int head, int total, in HeadRows copy)
    {
        if (copy.Size % Lanes != 0)
            Copy(copy.Outputs, copy.Padded, rows.Attended + (head * copy.Size), rows.Part, total, copy.Size);
    }

    /// <summary>Brings copied derivatives back.</summary>
    public static void CloseBackward(in AttentionRows rows, int head, int total, in HeadRows copy)
    {
        if (copy.Size % Lanes == 0)
            return;
        var gradient = rows.QueryKeyValueGradient + (head * copy.Size);
        Copy(copy.QueryGradient, copy.Padded, gradient, 3 * rows.Part, total, copy.Size);
        Copy(copy.KeyGradient, copy.Padded, gradient + rows.Part, 3 * rows.Part, total, copy.Size);
        Copy(copy.ValueGradient, copy.Padded, gradient + (2 * rows.Part), 3 * rows.Part, total, copy.Size);
    }

    /// <summary>Copies <paramref name="size"/> floats of each row, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, int sourceStride, float* target, int targetStride, int rows, int size)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            var i = 0;
            for (; i + Lanes <= size; i += Lanes)
                V.Store(V.Load(source + i), target + i);
            for (; i < size; i++)
                target[i] = source[i];
        }
    }
}
