namespace UniPo.Engine;

/// <summary>
/// Cosines and sines of rotary positions (Su et al. 2021): element i of a head is rotated with its partner half a head away.
/// </summary>
/// <remarks>
/// y[i] = x[i]·cos + x[partner]·sin, where the sine's sign is negative in the first half: one formula for both halves.
/// </remarks>
internal sealed unsafe class RotaryTable
{
    private readonly FloatBuffer _cosines = new(),
        _sines = new();

    /// <summary>The table for a head size and all positions of a context.</summary>
    public RotaryTable(int headSize, int positions, double theta)
    {
        HeadSize = headSize;
        Stride = Padding.Up(headSize);
        var half = headSize / 2;
        float* cosines = _cosines.Reserve((long)positions * Stride),
            sines = _sines.Reserve((long)positions * Stride);
        for (var position = 0; position < positions; position++)
        for (var i = 0; i < headSize; i++)
        {
            var angle = position * Math.Pow(theta, -2.0 * (i % half) / headSize);
            cosines[(position * Stride) + i] = (float)Math.Cos(angle);
            sines[(position * Stride) + i] = (float)(i < half ? -Math.Sin(angle) : Math.Sin(angle));
        }
    }

    /// <summary>Elements of a head.</summary>
    public int HeadSize { get; }

    /// <summary>Floats from one position to the next.</summary>
    public int Stride { get; }

    /// <summary>Cosines of a position.</summary>
    public float* Cosines(int position) => _cosines.Pointer + (position * (nint)Stride);

    /// <summary>Signed sines of a position.</summary>
    public float* Sines(int position) => _sines.Pointer + (position * (nint)Stride);
}
