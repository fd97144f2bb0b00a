using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>Softmax of rows. The maximum is subtracted first, so no logit is too large.</summary>
internal static unsafe class SoftmaxKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;
    private const float Lowest = -3.0e38f;

    /// <summary>Sixteen softmaxes side by side: column i of the scores becomes probabilities, in place.</summary>
    /// <remarks>Each column's sum is taken from the first key to the last, as <see cref="Row"/> takes it.</remarks>
    /// <param name="scores">[keys, 16].</param>
    /// <param name="keys">At least 1.</param>
    /// <param name="diagonal">Column i sees the keys up to <paramref name="diagonal"/> + i; beyond, its probabilities are
    /// 0.</param>
    /// <param name="scale">Multiplies the scores first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns(float* scores, int keys, int diagonal, float scale)
    {
        V factor = V.Broadcast(scale),
            most = V.Broadcast(Lowest),
            zero = default,
            sum = default;
        var full = Math.Min(keys, diagonal + 1); // keys that every column sees
        int key;
        for (key = 0; key < full; key++)
            most = V.Max(V.Load(scores + (key * Lanes)) * factor, most);
        for (; key < keys; key++)
            most = V.Max(V.First(key - diagonal, most, V.Load(scores + (key * Lanes)) * factor), most);
        for (key = 0; key < full; key++)
        {
            var part = Elementary.Exp((V.Load(scores + (key * Lanes)) * factor) - most);
            V.Store(part, scores + (key * Lanes));
            sum += part;
        }
        for (; key < keys; key++)
        {
            var part = V.First(key - diagonal, zero, Elementary.Exp((V.Load(scores + (key * Lanes)) * factor) - most));
            V.Store(part, scores + (key * Lanes));
            sum += part;
        }
        var inverse = V.Broadcast(1f) / sum;
        for (key = 0; key < keys; key++)
            V.Store(V.Load(scores + (key * Lanes)) * inverse, scores + (key * Lanes));
    }

    /// <summary>
    /// Given probabilities and the derivative by them, the derivative by the scores, in place: dS = P ∘ (dP − Σ P ∘ dP) · scale.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ColumnsBackward(float* probabilities, float* derivative, int keys, float scale)
    {
        V sum = default,
            factor = V.Broadcast(scale);
        for (var i = 0; i < keys * Lanes; i += Lanes)
            sum = V.MultiplyAdd(V.Load(probabilities + i), V.Load(derivative + i), sum);
        for (var i = 0; i < keys * Lanes; i += Lanes)
            V.Store(V.Load(probabilities + i) * (V.Load(derivative + i) - sum) * factor, derivative + i);
    }

    /// <summary>The softmax of one row, in place, with the same operations as <see cref="Columns"/>.</summary>
    /// <param name="scores">Room for the next multiple of 16.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="scale">Multiplies the scores first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* scores, int count, float scale)
    {
        V factor = V.Broadcast(scale),
            lowest = V.Broadcast(Lowest),
            most = lowest;
        for (var i = 0; i < count; i += Lanes)
            most = V.Max(V.First(count - i, V.Load(scores + i) * factor, lowest), most);
        most = V.Broadcast(V.Largest(most));
        for (var i = 0; i < count; i += Lanes)
            V.Store(Elementary.Exp((V.Load(scores + i) * factor) - most), scores + i);
        var sum = 0f;
        for (var i = 0; i < count; i++)
            sum += scores[i];
        var inverse = V.Broadcast(1f / sum);
        for (var i = 0; i < count; i += Lanes)
            V.Store(V.Load(scores + i) * inverse, scores + i);
    }

    /// <summary>
    /// Logits become z = logits / temperature − their maximum, in place; the rest up to <paramref name="padded"/> becomes 0.
    /// </summary>
    /// <param name="logits">Room for <paramref name="padded"/> floats.</param>
    /// <param name="count">Number of logits, at least 1.</param>
    /// <param name="padded">A multiple of 16.</param>
    /// <param name="inverseTemperature">1 / temperature.</param>
    /// <param name="mean">Receives Σ eᶻ · z.</param>
    /// <returns>Σ eᶻ.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Shift(float* logits, int count, int padded, float inverseTemperature, out float mean)
    {
        V factor = V.Broadcast(inverseTemperature),
            lowest = V.Broadcast(Lowest),
            zero = default,
            sum = default,
            weighted = default,
            most = lowest;
        for (var i = 0; i < count; i += Lanes)
            most = V.Max(V.First(count - i, V.Load(logits + i) * factor, lowest), most);
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

    /// <summary>
    /// derivative = eᶻ · (a + b·z): what a log-probability and an entropy share of their derivative by the logits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ShiftBackward(float* shifted, float* derivative, int count, int padded, float a, float b)
    {
        V constant = V.Broadcast(a),
            slope = V.Broadcast(b),
            zero = default;
        for (var i = 0; i < padded; i += Lanes)
        {
            var z = V.Load(shifted + i);
            V.Store(V.First(count - i, Elementary.Exp(z) * V.MultiplyAdd(slope, z, constant), zero), derivative + i);
        }
    }
}
