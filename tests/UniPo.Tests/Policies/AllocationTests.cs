using UniPo.Numerics;

namespace UniPo.Tests.Policies;

public class AllocationTests
{
    [Theory, InlineData(1), InlineData(2)]
    public void The_engine_allocates_nothing_after_the_first_steps(int threads)
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward with { Width = 32, Heads = 2, ValueHead = true });
        policy.Compute = new Compute(threads);
        var optimizer = new AdamW(policy.Parameters.Count) { Compute = policy.Compute };
        var sequences = PolicyCases.Batch(prompts: 12, group: 16, longestResponse: 8);
        double[] weights = PolicyCases.Numbers(sequences.Layout.Tokens, 1), scores = new double[weights.Length], entropies = new double[weights.Length];
        var tokens = new int[12 * 16];

        void Step()
        {
            using (var decoding = policy.Begin(sequences.Prompts, 16, 8))
                for (var t = 0; t < 7; t++)
                {
                    tokens[t] = -1;
                    decoding.Append(tokens);
                }
            policy.Score(sequences, 1, scores, entropies);
            policy.Forward(sequences, 1).Backward(weights, weights, weights);
            optimizer.Step(policy.Parameters, 1e-3, 1);
        }
        for (var warm = 0; warm < 5; warm++) Step();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 20; step++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
