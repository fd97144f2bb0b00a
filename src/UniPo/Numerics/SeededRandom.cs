namespace UniPo.Numerics;

/// <summary>
/// A small, fast generator whose whole state is four words: the same seed gives the same numbers on every machine.
/// </summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64. <see cref="System.Random"/> promises no such stability between
/// versions.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _a,
        _b,
        _c,
        _d;

    /// <summary>A generator for a seed.</summary>
    public SeededRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>A generator that goes on from a stored state.</summary>
    /// <param name="state">[4] the words that <see cref="State"/> gave; not all zero.</param>
    public SeededRandom(ReadOnlySpan<ulong> state)
    {
        if (state.Length != 4 || (state[0] | state[1] | state[2] | state[3]) == 0)
            throw new ArgumentException(
                $"A generator's state is four words that are not all zero, but {state.Length} were given."
            );
        (_a, _b, _c, _d) = (state[0], state[1], state[2], state[3]);
    }

    /// <summary>[4] the words to store for a later continuation.</summary>
    public ulong[] State => [_a, _b, _c, _d];

    /// <summary>The generator of a named sub-stream: same seed and name, same numbers, whatever else was drawn.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Any number that names the use, for instance a step.</param>
    public static SeededRandom Stream(ulong seed, ulong stream)
    {
        var mixed = seed;
        var first = SplitMix(ref mixed);
        mixed = first ^ (stream * 0xD1B54A32D192ED03UL);
        return new SeededRandom(SplitMix(ref mixed));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, <paramref name="limit"/>), without modulo bias.</summary>
    /// <param name="limit">At least 1.</param>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var bound = (ulong)limit;
        var rejected = (0 - bound) % bound; // the first 2^64 mod limit values would be drawn once too often
        ulong bits;
        do bits = NextBits();
        while (bits < rejected);
        return (int)(bits % bound);
    }

    /// <summary>A draw from the standard normal distribution (Box and Muller 1958).</summary>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts the elements into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> elements)
    {
        for (var i = elements.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (elements[i], elements[j]) = (elements[j], elements[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
