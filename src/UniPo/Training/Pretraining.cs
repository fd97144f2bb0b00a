using UniPo.Numerics;

namespace UniPo;

/// <summary>Supervised learning from examples: every token of every example is pushed up by the same amount.</summary>
/// <remarks>
/// The weight of a token is w = 1/N, N being the tokens of the batch: the mean log-likelihood rises. It is the simplest objective
/// of all, and how a base model comes about before reinforcement learning starts.
/// </remarks>
public sealed record Pretraining
{
    /// <summary>Optimiser steps, at least 1.</summary>
    public int Steps
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Steps));
    } = 1200;

    /// <summary>Examples of a step, at least 1.</summary>
    public int Batch
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Batch));
    } = 128;

    /// <summary>How the learning rate rises and falls.</summary>
    public LearningRateSchedule Schedule { get; init; } =
        new()
        {
            Peak = 3e-3,
            WarmupSteps = 50,
            Decay = Decay.Cosine,
            Floor = 0.05,
        };

    /// <summary>AdamW's weight decay, in [0, 1).</summary>
    public double WeightDecay
    {
        get;
        init => field = Require.That(value, value is >= 0 and < 1, nameof(WeightDecay), "lie in [0, 1)");
    } = 0.1;

    /// <summary>The gradient is shortened to this length when it is longer, &gt; 0.</summary>
    public double GradientClip
    {
        get;
        init => field = Require.Positive(value, nameof(GradientClip));
    } = 1;

    /// <summary>Decides which examples come when.</summary>
    public ulong Seed { get; init; }

    /// <summary>Trains the policy in place, one step whenever the next loss is asked for.</summary>
    /// <param name="policy">Learns.</param>
    /// <param name="task">Its training prompts are asked; held-out prompts are never seen.</param>
    /// <param name="teacher">The response to imitate, without its closing symbol. It may be drawn at random, and it may be
    /// wrong.</param>
    /// <returns>The loss of each step before its update: mean −log π per token, in nats.</returns>
    /// <exception cref="TrainingStoppedException">The loss or the gradient is not finite.</exception>
    public IEnumerable<double> Learn(ITrainablePolicy policy, ITask task, Func<Prompt, SeededRandom, string> teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        Decoder.RequireSameVocabulary(policy, task);
        var random = new SeededRandom(Seed);
        var optimizer = new AdamW(policy.Parameters.Count) { WeightDecay = WeightDecay };
        for (var step = 0; step < Steps; step++)
        {
            var examples = Examples(policy.Tokenizer, task, teacher, random);
            using var pass = policy.Forward(examples, temperature: 1);
            var loss = -Mean(pass.LogProbs);
            if (!double.IsFinite(loss))
                throw new TrainingStoppedException(
                    FormattableString.Invariant(
                        $"Supervised learning stopped at step {step}: the loss is {loss}; {FiniteCheck.Culprit(policy.Parameters)}. {FiniteCheck.Cause}"
                    )
                );
            var weights = new double[examples.Layout.Tokens];
            weights.AsSpan().Fill(1.0 / weights.Length);
            pass.Backward(weights);
            var norm = optimizer.Step(policy.Parameters, Schedule.At(step, Steps), GradientClip);
            if (!double.IsFinite(norm))
                throw new TrainingStoppedException(
                    $"Supervised learning stopped at step {step}: {FiniteCheck.Gradient(policy.Parameters)}"
                );
            yield return loss;
        }
    }

    private TokenSequences Examples(
        ITokenizer tokenizer,
        ITask task,
        Func<Prompt, SeededRandom, string> teacher,
        SeededRandom random
    )
    {
        var (prompts, responses) = (new int[Batch][], new int[Batch][]);
        for (var i = 0; i < Batch; i++)
        {
            var prompt = task.TrainingPrompts[random.NextInt(task.TrainingPrompts.Count)];
            prompts[i] = tokenizer.Encode(prompt.Text);
            responses[i] = [.. tokenizer.Encode(teacher(prompt, random)), tokenizer.End];
        }
        return new TokenSequences(prompts, responses, [.. Enumerable.Repeat(1, Batch)]);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
