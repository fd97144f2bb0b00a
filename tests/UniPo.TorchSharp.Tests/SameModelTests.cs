using UniPo.Numerics;
using UniPo.Torch;

namespace UniPo.TorchSharp.Tests;

/// <summary>The tiny transformer in libtorch against UniPo's own engine.</summary>
public class SameModelTests
{
    [TorchTheory]
    [InlineData("addition", false)]
    [InlineData("scratchpad", false)]
    [InlineData("scratchpad", true)]
    public void Log_probabilities_entropies_and_values_are_those_of_the_own_engine(string name, bool critic)
    {
        var (own, torch, batch) = Pair(name, critic);
        using (torch)
        {
            using var a = own.Forward(batch.Sequences!, 0.9);
            using var b = torch.Forward(batch.Sequences!, 0.9);
            Close(a.LogProbs, b.LogProbs, 1e-5);
            Close(a.Entropies, b.Entropies, 1e-5);
            Close(a.Values, b.Values, 1e-5);
            Assert.Equal(critic, a.Values.Length > 0);
            var (s1, s2) = (new double[batch.Layout.Tokens], new double[batch.Layout.Tokens]);
            torch.Score(batch.Sequences!, 0.9, s1, s2);
            Close(a.LogProbs, s1, 1e-5);
            Close(a.Entropies, s2, 1e-5);
        }
    }

    [TorchTheory]
    [InlineData(false)]
    [InlineData(true)] // as on another device: parameters and gradient are copied there and back
    public void Gradients_are_those_of_the_own_engine(bool copies)
    {
        var (own, shared, batch) = Pair("scratchpad", critic: true);
        using var torch = copies ? shared.WithCopies() : shared.Clone();
        shared.Dispose();
        var random = new SeededRandom(4);
        double[] Weights() => [.. Enumerable.Range(0, batch.Layout.Tokens).Select(_ => random.NextGaussian())];
        var (w, e, v) = (Weights(), Weights(), Weights());
        using (var a = own.Forward(batch.Sequences!, 0.9))
            a.Backward(w, e, v);
        for (var pass = 0; pass < 2; pass++) // gradients add up
            using (var b = torch.Forward(batch.Sequences!, 0.9))
                b.Backward(w, e, v);
        double off = 0,
            length = 0;
        foreach (var tensor in own.Parameters.Tensors)
        {
            var x = own.Parameters.GradientOf(tensor);
            var y = torch.Parameters.GradientOf(torch.Parameters.Find(tensor.Name));
            for (var i = 0; i < x.Length; i++)
            {
                off += Math.Pow((2 * x[i]) - y[i], 2);
                length += Math.Pow(2 * x[i], 2);
            }
        }
        Assert.InRange(Math.Sqrt(off / length), 0, 2e-5);
    }

    [TorchFact]
    public void Whole_distributions_and_their_gradient_are_those_of_the_own_engine()
    {
        var (own, torch, batch) = Pair("addition", critic: false);
        using (torch)
        {
            using var a = Assert.IsAssignableFrom<IDistributionPass>(own.Forward(batch.Sequences!, 1));
            using var b = Assert.IsAssignableFrom<IDistributionPass>(torch.Forward(batch.Sequences!, 1));
            var size = batch.Layout.Tokens * own.Vocabulary.Count;
            var (x, y) = (new double[size], new double[size]);
            a.Distributions(x);
            b.Distributions(y);
            Close(x, y, 2e-5);
            var weights = x.Select((_, i) => Math.Sin(i)).ToArray();
            a.BackwardDistributions(weights);
            b.BackwardDistributions(weights);
            var norm = Math.Sqrt(own.Parameters.Gradient.Sum(g => (double)g * g));
            foreach (var tensor in own.Parameters.Tensors)
                Close(
                    own.Parameters.GradientOf(tensor).ToArray().Select(g => g / norm).ToArray(),
                    torch.Parameters.GradientOf(torch.Parameters.Find(tensor.Name)).ToArray().Select(g => g / norm).ToArray(),
                    1e-5
                );
        }
    }

    [TorchTheory]
    [InlineData("addition")]
    [InlineData("scratchpad")]
    public void The_same_seed_writes_the_same_responses(string name)
    {
        var own = TinyTransformer.Load(name);
        using var torch = TorchPolicy.Of(own);
        var task = BaseModel.Named(name).Task;
        var (a, b) = (Sampler.Sample(own, task, 8, 16, seed: 5), Sampler.Sample(torch, task, 8, 16, seed: 5));
        Assert.Equal(a.Responses.Select(r => r.Text), b.Responses.Select(r => r.Text));
        Close(a.LogProbs.Values, b.LogProbs.Values, 2e-5);
        var (c, d) = (Sampler.Greedy(own, task, task.HeldOutPrompts), Sampler.Greedy(torch, task, task.HeldOutPrompts));
        Assert.Equal(c.Responses.Select(r => r.Text), d.Responses.Select(r => r.Text));
    }

    private static (TinyTransformer Own, TorchPolicy Torch, RolloutBatch Batch) Pair(string name, bool critic)
    {
        var own = TinyTransformer.Load(name);
        var batch = Sampler.Sample(own, BaseModel.Named(name).Task, 4, 8, seed: 5);
        if (critic)
        {
            own = own.WithValueHead();
            var random = new SeededRandom(3);
            foreach (ref var weight in own.Parameters[own.Parameters.Find("value_head.weight")])
                weight = (float)(0.1 * random.NextGaussian());
        }
        return (own, TorchPolicy.Of(own), batch);
    }

    private static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
