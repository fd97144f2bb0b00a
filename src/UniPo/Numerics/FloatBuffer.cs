namespace UniPo.Numerics;

/// <summary>
/// Floats that never move, on a cache line's boundary, so that kernels can use pointers. Grows on demand and is then reused.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int Line = 16;
    private float[] _array = [];

    /// <summary>First float; valid until <see cref="Reserve"/> grows the buffer.</summary>
    public float* Pointer { get; private set; }

    /// <summary>Floats there is room for.</summary>
    public long Length { get; private set; }

    /// <summary>Makes room for at least this many floats. New room is zero; old contents are lost when it grows.</summary>
    public float* Reserve(long length)
    {
        if (length <= Length)
            return Pointer;
        _array = GC.AllocateArray<float>(checked((int)length + Line), pinned: true);
        var address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + 63) & ~(nuint)63);
        Length = length;
        return Pointer;
    }
}
