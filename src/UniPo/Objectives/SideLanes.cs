using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace UniPo;

/// <summary>Bounds that bite, for several tokens at once: a lane holds the number of its <see cref="ClipSide"/>.</summary>
internal static class SideLanes
{
    public static Vector<long> Low { get; } = new((long)ClipSide.Low);

    public static Vector<long> High { get; } = new((long)ClipSide.High);

    /// <summary>Writes one side a lane.</summary>
    /// <param name="lanes">The sides.</param>
    /// <param name="sides">Begins with the lanes' tokens.</param>
    public static void Write(Vector<long> lanes, Span<ClipSide> sides)
    {
        if (Vector<long>.Count == 4) // a constant for the compiler, as are the lanes' numbers below
        {
            var together = lanes[0] | (lanes[1] << 8) | (lanes[2] << 16) | (lanes[3] << 24);
            BinaryPrimitives.WriteInt32LittleEndian(MemoryMarshal.AsBytes(sides), (int)together);
            return;
        }
        for (var lane = 0; lane < Vector<long>.Count; lane++)
            sides[lane] = (ClipSide)lanes[lane];
    }
}
