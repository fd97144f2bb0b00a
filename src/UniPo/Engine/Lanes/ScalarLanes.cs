using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>
/// Sixteen floats computed one after the other: the reference for the vector types, and the way on processors without them.
/// </summary>
internal unsafe struct ScalarLanes : ILanes<ScalarLanes>
{
    private const int Count = 16;
    private fixed float _lane[Count];

    public static bool HasManyRegisters => false;

    public static ScalarLanes Load(float* source)
    {
        ScalarLanes result = default;
        for (var i = 0; i < Count; i++)
            result._lane[i] = source[i];
        return result;
    }

    public static void Store(ScalarLanes value, float* target)
    {
        for (var i = 0; i < Count; i++)
            target[i] = value._lane[i];
    }

    public static ScalarLanes Broadcast(float value)
    {
        ScalarLanes result = default;
        for (var i = 0; i < Count; i++)
            result._lane[i] = value;
        return result;
    }

    public static ScalarLanes operator +(ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] += b._lane[i];
        return a;
    }

    public static ScalarLanes operator -(ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] -= b._lane[i];
        return a;
    }

    public static ScalarLanes operator *(ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] *= b._lane[i];
        return a;
    }

    public static ScalarLanes operator /(ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] /= b._lane[i];
        return a;
    }

    public static ScalarLanes MultiplyAdd(ScalarLanes a, ScalarLanes b, ScalarLanes c)
    {
        for (var i = 0; i < Count; i++)
            c._lane[i] = MathF.FusedMultiplyAdd(a._lane[i], b._lane[i], c._lane[i]);
        return c;
    }

    public static ScalarLanes Max(ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] = a._lane[i] > b._lane[i] ? a._lane[i] : b._lane[i];
        return a;
    }

    public static ScalarLanes Min(ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] = a._lane[i] < b._lane[i] ? a._lane[i] : b._lane[i];
        return a;
    }

    public static ScalarLanes BitsMinus(int bits, ScalarLanes a)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] = BitConverter.Int32BitsToSingle(bits - BitConverter.SingleToInt32Bits(a._lane[i]));
        return a;
    }

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (var row = 0; row < Count; row++)
        for (var column = 0; column < Count; column++)
            target[(column * targetStride) + row] = source[(row * sourceStride) + column];
    }

    public static ScalarLanes Sqrt(ScalarLanes a)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] = MathF.Sqrt(a._lane[i]);
        return a;
    }

    public static ScalarLanes ScaleByPowerOfTwo(ScalarLanes value, ScalarLanes shifted)
    {
        for (var i = 0; i < Count; i++)
            value._lane[i] = BitConverter.Int32BitsToSingle(
                BitConverter.SingleToInt32Bits(value._lane[i]) + (BitConverter.SingleToInt32Bits(shifted._lane[i]) << 23)
            );
        return value;
    }

    public static ScalarLanes First(int count, ScalarLanes a, ScalarLanes b)
    {
        for (var i = 0; i < Count; i++)
            a._lane[i] = i < count ? a._lane[i] : b._lane[i];
        return a;
    }

    public static ScalarLanes SwapHalves(ScalarLanes a)
    {
        for (var i = 0; i < Count / 2; i++)
            (a._lane[i], a._lane[i + 8]) = (a._lane[i + 8], a._lane[i]);
        return a;
    }

    public static float Sum(ScalarLanes a)
    {
        for (var half = Count / 2; half > 0; half /= 2)
        for (var i = 0; i < half; i++)
            a._lane[i] += a._lane[i + half];
        return a._lane[0];
    }

    public static float Largest(ScalarLanes a)
    {
        for (var half = Count / 2; half > 0; half /= 2)
        for (var i = 0; i < half; i++)
            a._lane[i] = a._lane[i] > a._lane[i + half] ? a._lane[i] : a._lane[i + half];
        return a._lane[0];
    }
}
