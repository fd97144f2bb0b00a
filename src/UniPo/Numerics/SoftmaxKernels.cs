using System.Runtime.CompilerServices;

namespace UniPo.Numerics;

/// <summary>Softmax of rows. The maximum is subtracted first, so no logit is too large.</summary>
internal static unsafe class SoftmaxKernels<V> where V : struct, ILanes<V>
{
    private const int Lanes = 16;
    private const float Lowest = -3.0e38f;

    /// <summary>Turns scores into probabilities in place: the first <paramref name="count"/> of them; the rest up to <paramref name="padded"/> become 0.</summary>
    /// <param name="scores">Room for <paramref name="padded"/> floats.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="padded">A multiple of 16.</param>
    /// <param name="scale">Multiplies the scores first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* scores, int count, int padded, float scale)
    {
        V factor = V.Broadcast(scale), lowest = V.Broadcast(Lowest), zero = default, sum = default, most = lowest;
        int i;
        for (i = 0; i < count; i += Lanes)
        {
            var scaled = V.First(count - i, V.Load(scores + i) * factor, lowest);
            V.Store(scaled, scores + i);
            most = V.Max(scaled, most);
        }
        most = V.Broadcast(V.Largest(most));
        for (i = 0; i < count; i += Lanes)
        {
            var part = V.First(count - i, Elementary.Exp(V.Load(scores + i) - most), zero);
            V.Store(part, scores + i);
            sum += part;
        }
        var inverse = V.Broadcast(1f / V.Sum(sum));
        for (i = 0; i < count; i += Lanes) V.Store(V.Load(scores + i) * inverse, scores + i);
        for (; i < padded; i += Lanes) V.Store(zero, scores + i);
    }

    /// <summary>Given probabilities and the derivative by them, the derivative by the scores, in place: dS = P ∘ (dP − Σ P ∘ dP) · scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowBackward(float* probabilities, float* derivative, int padded, float scale)
    {
        V sum = default;
        for (var i = 0; i < padded; i += Lanes) sum = V.MultiplyAdd(V.Load(probabilities + i), V.Load(derivative + i), sum);
        V total = V.Broadcast(V.Sum(sum)), factor = V.Broadcast(scale);
        for (var i = 0; i < padded; i += Lanes)
            V.Store(V.Load(probabilities + i) * (V.Load(derivative + i) - total) * factor, derivative + i);
    }

    /// <summary>Logits become z = logits / temperature − their maximum, in place; the rest up to <paramref name="padded"/> becomes 0.</summary>
    /// <param name="logits">Room for <paramref name="padded"/> floats.</param>
    /// <param name="count">Number of logits, at least 1.</param>
    /// <param name="padded">A multiple of 16.</param>
    /// <param name="inverseTemperature">1 / temperature.</param>
    /// <param name="mean">Receives Σ eᶻ · z.</param>
    /// <returns>Σ eᶻ.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Shift(float* logits, int count, int padded, float inverseTemperature, out float mean)
    {
        V factor = V.Broadcast(inverseTemperature), lowest = V.Broadcast(Lowest), zero = default, sum = default, weighted = default, most = lowest;
        for (var i = 0; i < count; i += Lanes) most = V.Max(V.First(count - i, V.Load(logits + i) * factor, lowest), most);
        most = V.Broadcast(V.Largest(most));
        for (var i = 0; i < padded; i += Lanes)
        {
            var z = V.First(count - i, (V.Load(logits + i) * factor) - most, zero);
            var part = V.First(count - i, Elementary.Exp(z), zero);
            V.Store(z, logits + i);
            sum += part;
            weighted = V.MultiplyAdd(part, z, weighted);
        }
        mean = V.Sum(weighted);
        return V.Sum(sum);
    }

    /// <summary>derivative = eᶻ · (a + b·z): what a log-probability and an entropy share of their derivative by the logits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ShiftBackward(float* shifted, float* derivative, int count, int padded, float a, float b)
    {
        V constant = V.Broadcast(a), slope = V.Broadcast(b), zero = default;
        for (var i = 0; i < padded; i += Lanes)
        {
            var z = V.Load(shifted + i);
            V.Store(V.First(count - i, Elementary.Exp(z) * V.MultiplyAdd(slope, z, constant), zero), derivative + i);
        }
    }
}
