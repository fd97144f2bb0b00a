using System.Numerics;

namespace UniPo;

/// <summary>Bounds that bite, for several tokens at once: a lane holds the number of its <see cref="ClipSide"/>.</summary>
internal static class SideLanes
{
    public static Vector<long> Low { get; } = new((long)ClipSide.Low);

    public static Vector<long> High { get; } = new((long)ClipSide.High);

    /// <summary>Writes one side a lane; nothing where no bound bites, which is the usual case.</summary>
    /// <param name="lanes">The sides.</param>
    /// <param name="sides">Begins with the lanes' tokens, all <see cref="ClipSide.None"/>.</param>
    public static void Write(Vector<long> lanes, Span<ClipSide> sides)
    {
        if (Vector.EqualsAll(lanes, Vector<long>.Zero))
            return;
        for (var lane = 0; lane < Vector<long>.Count; lane++)
            sides[lane] = (ClipSide)lanes[lane];
    }
}
