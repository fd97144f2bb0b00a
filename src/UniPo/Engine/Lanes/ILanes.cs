namespace UniPo.Engine;

/// <summary>
/// Sixteen floats that are computed side by side. Kernels are written once against this, whatever the processor offers.
/// </summary>
/// <remarks>
/// Sixteen is fixed: wherever a sum runs over lanes, every processor adds the same numbers in the same order and gives the same
/// bits. All operations are exactly rounded (IEEE 754), so a lane of <see cref="Lanes512"/>, <see cref="Lanes256"/>,
/// <see cref="Lanes128"/> and <see cref="ScalarLanes"/> holds the same value after the same operations.
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>True where registers suffice for matrix blocks of 8 rows × 2 lanes; else 4 rows × 1.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* target);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger of each pair; <paramref name="b"/> where one is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller of each pair; <paramref name="b"/> where one is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>A float whose bits are those of <paramref name="bits"/> minus those of a, as whole numbers.</summary>
    static abstract TSelf BitsMinus(int bits, TSelf a);

    /// <summary>
    /// value · 2ⁿ, where n stands in the low bits of <paramref name="shifted"/> (see <see cref="Elementary.Exp"/>).
    /// </summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf shifted);

    /// <summary>The first <paramref name="count"/> lanes of a, the rest from b.</summary>
    static abstract TSelf First(int count, TSelf a, TSelf b);

    /// <summary>The two halves of eight lanes exchanged.</summary>
    static abstract TSelf SwapHalves(TSelf a);

    /// <summary>Writes sixteen rows of sixteen floats as columns: target[i, j] = source[j, i].</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride);

    /// <summary>Sum of the lanes: eights, then fours, twos, one.</summary>
    static abstract float Sum(TSelf a);

    /// <summary>The largest lane.</summary>
    static abstract float Largest(TSelf a);
}
