using System.Runtime.CompilerServices;
using UniPo.Numerics;

namespace UniPo.Engine;

/// <summary>Draws a token in the arithmetic of the forward pass.</summary>
/// <remarks>
/// The transformer scores in single precision. Taken the same way, log-probabilities of sampling are those of its full pass to the
/// last bit.
/// </remarks>
internal static class SinglePrecisionDraw
{
    /// <summary>As <see cref="NextToken.Choose"/>.</summary>
    [SkipLocalsInit] // two scratch rows that are written before they are read
    public static NextToken Choose(ReadOnlySpan<float> logits, double temperature, double place)
    {
        Span<float> z = stackalloc float[LogSoftmax.Longest],
            weights = stackalloc float[LogSoftmax.Longest];
        if (!(place >= 0) || !LogSoftmax.TryCompute(logits, temperature, z, weights, out var sum, out var mean))
            return NextToken.Choose(logits, temperature, place);
        var left = place * sum;
        var token = 0;
        while ((left -= weights[token]) >= 0 && token + 1 < logits.Length)
            token++;
        var logSum = Math.Log(sum);
        return new NextToken(token, z[token] - logSum, logSum - ((double)mean / sum));
    }
}
