using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo.Tests.Policies;

/// <summary>
/// Results do not depend on threads or vector width, to the last bit. (Whole processes are compared in RepeatabilityTests.)
/// </summary>
public class SameBitsTests
{
    public static TheoryData<int, int> Ways
    {
        get
        {
            var ways = new TheoryData<int, int>();
            foreach (var bits in Kernels.Widths)
                for (var threads = 1; threads <= 3; threads++)
                    ways.Add(bits, threads);
            return ways;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void Passes_gradients_and_steps_have_the_same_bits_everywhere(int bits, int threads)
    {
        var config = PolicyCases.Awkward with { Width = 32, Heads = 2, Hidden = 40, ContextLength = 40, ValueHead = true };
        Assert.Equal(Result(config, new Compute(1, 32)), Result(config, new Compute(threads, bits)));
        Assert.Equal(Result(PolicyCases.Awkward, new Compute(1, 32)), Result(PolicyCases.Awkward, new Compute(threads, bits)));
    }

    /// <summary>Everything a few training steps compute: the loss's parts, the sampled logits, the weights.</summary>
    private static long[] Result(TinyTransformerConfig config, Compute compute)
    {
        var policy = PolicyCases.Policy(config);
        policy.Compute = compute;
        var optimizer = new AdamW(policy.Parameters.Count) { Compute = compute };
        var sequences = PolicyCases.Batch(prompts: 40, group: 6, longestResponse: 9); // several chunks
        var numbers = new List<double>();
        for (var step = 0; step < 2; step++)
        {
            using (var decoding = policy.Begin(sequences.Prompts, 6, 9))
            {
                decoding.Append([
                    .. Enumerable.Range(0, decoding.Rows).Select(row => row % 4 == 0 ? -1 : row % policy.Vocabulary.Count),
                ]);
                decoding.Append([.. Enumerable.Range(0, decoding.Rows).Select(row => row % 4 < 2 ? -1 : row % 3)]);
                for (var row = 0; row < decoding.Rows; row++)
                    if (row % 4 >= 2)
                        numbers.Add(decoding.Logits[row * policy.Vocabulary.Count]);
            }
            var pass = policy.Forward(sequences, 0.9);
            pass.Backward(PolicyCases.Numbers(sequences.Layout.Tokens, 1), PolicyCases.Numbers(sequences.Layout.Tokens, 2));
            numbers.AddRange(pass.LogProbs);
            numbers.AddRange(pass.Entropies);
            numbers.Add(optimizer.Step(policy.Parameters, 0.01, 1));
            numbers.AddRange(policy.Parameters.Values.Select(v => (double)v));
        }
        return [.. numbers.Select(BitConverter.DoubleToInt64Bits)];
    }
}
