using UniPo.Engine;
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
        double[] weights = PolicyCases.Numbers(sequences.Layout.Tokens, 1),
            scores = new double[weights.Length],
            entropies = new double[weights.Length];
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
            using (var pass = policy.Forward(sequences, 1))
                pass.Backward(weights, weights, weights);
            optimizer.Step(policy.Parameters, 1e-3, 1);
        }
        for (var warm = 0; warm < 5; warm++)
            Step();

        var allocations = new Allocations(policy.Compute);
        long[] before = new long[threads],
            after = new long[threads];
        allocations.OfEachThread(before); // the first call warms the meter itself
        // A collection that another test causes throws away what is left of a thread's room for new objects, and counts it as
        // allocated. What the engine allocated itself would be there every time.
        for (var attempt = 0; attempt < 10 && !(attempt > 0 && before.SequenceEqual(after)); attempt++)
        {
            allocations.OfEachThread(before);
            for (var step = 0; step < 20; step++)
                Step();
            allocations.OfEachThread(after);
        }
        Assert.Equal(before, after);
    }

    /// <summary>Asks every thread of a crew what it has allocated so far.</summary>
    private sealed class Allocations(Compute compute) : IParallelWork
    {
        private long[] _bytes = [];
        private int _arrived;

        public void OfEachThread(long[] bytes)
        {
            (_bytes, _arrived) = (bytes, 0);
            compute.Run(this, compute.Threads);
        }

        /// <summary>A part waits for the others, so that no thread takes two.</summary>
        public void Do(int part, int worker)
        {
            _bytes[worker] = GC.GetAllocatedBytesForCurrentThread();
            Interlocked.Increment(ref _arrived);
            while (Volatile.Read(ref _arrived) < _bytes.Length)
                Thread.SpinWait(8);
        }
    }
}
