using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UniPo.Engine;

/// <summary>
/// Floats that never move, on a cache line's boundary, so that kernels can use pointers. Grows on demand and is then reused.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int Line = 16;
    private readonly bool _unmanaged;
    private float[] _array = [];

    /// <param name="unmanaged">
    /// True to take memory from the system rather than from the collector: when the buffer grows, the old memory is given back
    /// before the new is asked for. Whoever uses the pointer must then keep the buffer alive.
    /// </param>
    public FloatBuffer(bool unmanaged = false)
    {
        _unmanaged = unmanaged;
        if (!unmanaged)
            GC.SuppressFinalize(this);
    }

    ~FloatBuffer() => NativeMemory.AlignedFree(Pointer);

    /// <summary>First float; valid until <see cref="Reserve"/> grows the buffer.</summary>
    public float* Pointer { get; private set; }

    /// <summary>Floats there is room for.</summary>
    public long Length { get; private set; }

    /// <summary>Makes room for at least this many floats. New room is zero; old contents are lost when it grows.</summary>
    public float* Reserve(long length)
    {
        if (length <= Length)
            return Pointer;
        Length = 0;
        Pointer = _unmanaged ? FromTheSystem(length) : FromTheCollector(length);
        Length = length;
        return Pointer;
    }

    private float* FromTheCollector(long length)
    {
        _array = GC.AllocateArray<float>(checked((int)length + Line), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _array[0]);
        return (float*)((address + 63) & ~(nuint)63);
    }

    private float* FromTheSystem(long length)
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null; // the next line may fail
        var bytes = checked((nuint)length * sizeof(float));
        var floats = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(floats, bytes);
        return floats;
    }
}
