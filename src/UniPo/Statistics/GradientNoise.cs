using System.Globalization;
using UniPo.Numerics;

namespace UniPo;

/// <summary>How much of a gradient is signal, and how much is the luck of the samples: measured at a fixed policy.</summary>
/// <remarks>
/// Batches are taken in pairs. For two independent gradients a and b of the same policy, a·b is an unbiased estimate of |E g|²,
/// and |a − b|²/2 one of the total variance tr Var g. Each pair is one repetition, so both come with an interval.
/// </remarks>
public sealed record GradientNoise
{
    private GradientNoise(Estimate signal, Estimate variance) => (Signal, Variance) = (signal, variance);

    /// <summary>|E g|²: squared length of the mean gradient.</summary>
    public Estimate Signal { get; }

    /// <summary>tr Var g: mean squared distance of a batch's gradient from the mean gradient.</summary>
    public Estimate Variance { get; }

    /// <summary>Signal over variance of one batch; at 1 both are equally strong.</summary>
    public double SignalToNoise => Signal.Mean / Variance.Mean;

    /// <summary>Measures the gradient of an objective on fresh batches.</summary>
    /// <param name="policy">Stays as it is.</param>
    /// <param name="task">Asks and scores.</param>
    /// <param name="objective">Gives the weights.</param>
    /// <param name="batches">Number of batches, at least 4; an odd one is rounded down.</param>
    /// <param name="prompts">Prompts of a batch, at least 1.</param>
    /// <param name="group">Responses to each prompt, at least 1.</param>
    /// <param name="seed">Decides prompts and tokens: the same seed gives two objectives the same batches.</param>
    public static GradientNoise Measure(
        ITrainablePolicy policy,
        ITask task,
        Objective objective,
        int batches,
        int prompts = 8,
        int group = 16,
        ulong seed = 0
    )
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(objective);
        Require.AtLeast(batches, 4, nameof(batches));
        using var learner = policy.Clone();
        var sampler = new Sampler { Prompts = prompts, Group = group };
        double[] signal = new double[batches / 2],
            variance = new double[batches / 2];
        for (var pair = 0; pair < signal.Length; pair++)
        {
            var a = Gradient(learner, objective, sampler.Draw(learner, task, seed, (ulong)(2 * pair)));
            var b = Gradient(learner, objective, sampler.Draw(learner, task, seed, (ulong)(2 * pair + 1)));
            for (var i = 0; i < a.Length; i++)
            {
                signal[pair] += (double)a[i] * b[i];
                variance[pair] += 0.5 * ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            }
        }
        return new GradientNoise(Estimate.Of(signal), Estimate.Of(variance));
    }

    private static float[] Gradient(ITrainablePolicy policy, Objective objective, RolloutBatch batch)
    {
        // On fresh responses the reference is the policy itself: a KL penalty is there, and pushes nowhere yet.
        var weights = objective.Evaluate(batch with { ReferenceLogProbs = batch.ReferenceLogProbs ?? batch.LogProbs }).Weight;
        Array.Clear(policy.Parameters.Gradient);
        using (var pass = policy.Forward(batch.Sequences!, batch.Temperature))
            pass.Backward(weights.Values);
        return [.. policy.Parameters.Gradient];
    }

    /// <summary>For instance <c>variance 21.0 (…), signal to noise 0.18</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"variance {Variance}, signal to noise {SignalToNoise:0.####}");
}
