using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniPo;

/// <summary>Bounds that bite, for four tokens at once: a lane's bits are the number of its <see cref="ClipSide"/>.</summary>
internal static class SideLanes
{
    public static Vector256<double> Low { get; } = Vector256.Create((long)ClipSide.Low).AsDouble();

    public static Vector256<double> High { get; } = Vector256.Create((long)ClipSide.High).AsDouble();

    /// <summary>Writes one side a lane.</summary>
    /// <param name="lanes">The sides.</param>
    /// <param name="sides">Begins with the lanes' tokens.</param>
    public static void Write(Vector256<double> lanes, Span<ClipSide> sides)
    {
        var side = lanes.AsInt64();
        var together = side[0] | (side[1] << 8) | (side[2] << 16) | (side[3] << 24);
        BinaryPrimitives.WriteInt32LittleEndian(MemoryMarshal.AsBytes(sides), (int)together);
    }
}
