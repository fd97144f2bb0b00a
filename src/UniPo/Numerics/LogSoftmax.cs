using UniPo.Engine;

namespace UniPo.Numerics;

/// <summary>
/// The logarithm of a softmax, in the very operations of the transformer's own: the same logits give the same bits.
/// </summary>
internal static unsafe class LogSoftmax
{
    /// <summary>Longest row that is computed; longer ones are refused.</summary>
    public const int Longest = 1024;

    /// <summary>z = logits / temperature − their maximum, and eᶻ.</summary>
    /// <param name="logits">[V] the logits.</param>
    /// <param name="temperature">Divides them, &gt; 0.</param>
    /// <param name="shifted">Room for V, rounded up to sixteen: receives z.</param>
    /// <param name="exponentials">Room for as much: receives eᶻ.</param>
    /// <param name="sum">Σ eᶻ; the log-probability of token k is z_k − ln Σ eᶻ.</param>
    /// <param name="mean">Σ eᶻ·z; the entropy is ln Σ eᶻ − Σ eᶻ·z / Σ eᶻ.</param>
    /// <returns>False when a logit is not finite or there are too many: nothing can be used then.</returns>
    public static bool TryCompute(
        ReadOnlySpan<float> logits,
        double temperature,
        Span<float> shifted,
        Span<float> exponentials,
        out float sum,
        out float mean
    )
    {
        (sum, mean) = (0, 0);
        var padded = Padding.Up(logits.Length);
        if (logits.IsEmpty || padded > Math.Min(shifted.Length, exponentials.Length))
            return false;
        logits.CopyTo(shifted);
        fixed (
            float* z = shifted,
                e = exponentials
        )
        {
            sum = Kernels.Widest.Shift(z, logits.Length, padded, (float)(1 / temperature), out mean);
            Kernels.Widest.Exp(z, e, padded);
        }
        return float.IsFinite(mean);
    }
}
