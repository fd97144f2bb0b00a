namespace UniPo;

/// <summary>
/// What sampling only estimates, computed by going through every response there is: for tasks small enough to be enumerated.
/// </summary>
/// <remarks>
/// Every response y is a path that ends with the closing symbol or at the length limit, so Σ π(y) = 1 and J = Σ π(y)·R(y) is
/// exact. Its gradient, Σ π(y)·R(y)·∇log π(y), is what every policy-gradient estimator should give on average: lessons measure
/// bias and variance against it.
/// </remarks>
public sealed record ExactValue
{
    /// <summary>More responses than this are refused: they would take minutes.</summary>
    public const int MostResponses = 1_000_000;

    private const int Chunk = 4096;

    private ExactValue(double expectedReward, double? kl, double totalProbability, float[] gradient, long responses) =>
        (ExpectedReward, KlToReference, TotalProbability, Gradient, Responses) = (
            expectedReward,
            kl,
            totalProbability,
            gradient,
            responses
        );

    /// <summary>J: mean reward over prompts and responses.</summary>
    public double ExpectedReward { get; }

    /// <summary>KL(π ‖ π_ref) of whole responses, mean over prompts, in nats; null without a reference.</summary>
    public double? KlToReference { get; }

    /// <summary>Σ π(y), mean over prompts; 1 up to rounding, which shows that nothing was left out.</summary>
    public double TotalProbability { get; }

    /// <summary>[N] ∇J by every parameter, in the order of <see cref="ParameterSet.Values"/>.</summary>
    public IReadOnlyList<float> Gradient { get; }

    /// <summary>Number of responses gone through, all prompts together.</summary>
    public long Responses { get; }

    /// <summary>Goes through every response to every prompt.</summary>
    /// <param name="policy">Gives the probabilities; its parameters stay, its gradient is overwritten.</param>
    /// <param name="task">Gives rewards, symbols and the length limit.</param>
    /// <param name="prompts">At least one.</param>
    /// <param name="reference">For the KL; null for none.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="MostResponses"/> responses.</exception>
    public static ExactValue Of(
        ITrainablePolicy policy,
        ITask task,
        IReadOnlyList<Prompt> prompts,
        IPolicy? reference = null,
        double temperature = 1
    )
    {
        ArgumentNullException.ThrowIfNull(prompts);
        Decoder.RequireSameVocabulary(policy, task);
        if (prompts.Count == 0)
            throw new ArgumentException("An exact value needs at least one prompt, but there was none.");
        var tokenizer = policy.Tokenizer;
        var count = Count(tokenizer, task.MaxTokens) * prompts.Count;
        if (count > MostResponses)
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"Only {MostResponses:N0} responses can be gone through, but {prompts.Count} prompts of '{task.Name}' have {count:N0} (up to {task.MaxTokens} tokens of {tokenizer.Count} symbols). "
                ) + "Use fewer prompts, a tighter length limit, or a smaller vocabulary."
            );
        Array.Clear(policy.Parameters.Gradient);
        var (reward, kl, total) = (0.0, 0.0, 0.0);
        foreach (var prompt in prompts)
        foreach (var chunk in Paths(tokenizer, task.MaxTokens).Chunk(Chunk))
        {
            var part = Add(policy, task, prompt, chunk, reference, temperature, share: 1.0 / prompts.Count);
            (reward, kl, total) = (reward + part.Reward, kl + part.Kl, total + part.Probability);
        }
        float[] gradient = [.. policy.Parameters.Gradient];
        Array.Clear(policy.Parameters.Gradient);
        return new ExactValue(reward, reference is null ? null : kl, total, gradient, count);
    }

    private static (double Reward, double Kl, double Probability) Add(
        ITrainablePolicy policy,
        ITask task,
        Prompt prompt,
        int[][] responses,
        IPolicy? reference,
        double temperature,
        double share
    )
    {
        var sequences = new TokenSequences([policy.Tokenizer.Encode(prompt.Text)], responses, [responses.Length]);
        var layout = sequences.Layout;
        using var pass = policy.Forward(sequences, temperature);
        var referenceLogProbs = new double[layout.Tokens];
        reference?.Score(sequences, temperature, referenceLogProbs, entropies: []);
        var weights = new double[layout.Tokens];
        var (reward, kl, total) = (0.0, 0.0, 0.0);
        for (var row = 0; row < responses.Length; row++)
        {
            var (from, length) = (layout.RowStarts[row], layout.Length(row));
            var logProb = Sum(pass.LogProbs.Slice(from, length));
            var probability = share * Math.Exp(logProb);
            var value = probability * Judge(policy.Tokenizer, task, prompt, responses[row]);
            weights.AsSpan(from, length).Fill(value); // ∇(π·R) = π·R·∇log π, and log π is the sum over the tokens
            (reward, total) = (reward + value, total + probability);
            if (reference is not null && probability > 0)
                kl += probability * (logProb - Sum(referenceLogProbs.AsSpan(from, length)));
        }
        pass.Backward(weights);
        return (reward, kl, total);
    }

    private static double Judge(ITokenizer tokenizer, ITask task, Prompt prompt, int[] tokens)
    {
        var truncated = !tokenizer.IsEnd(tokens[^1]);
        var text = tokenizer.Decode(truncated ? tokens : tokens.AsSpan(..^1));
        return task.Reward(prompt, new Completion(text, tokens.Length, truncated));
    }

    /// <summary>Every path through the tree of symbols, in the order of their ids.</summary>
    private static IEnumerable<int[]> Paths(ITokenizer tokenizer, int maxTokens)
    {
        var path = new List<int> { 0 };
        while (path.Count > 0)
        {
            if (path[^1] == tokenizer.Count) // every symbol of this place was tried
            {
                path.RemoveAt(path.Count - 1);
                if (path.Count > 0)
                    path[^1]++;
            }
            else if (tokenizer.IsEnd(path[^1]) || path.Count == maxTokens)
            {
                yield return [.. path];
                path[^1]++;
            }
            else
                path.Add(0);
        }
    }

    private static long Count(ITokenizer tokenizer, int maxTokens)
    {
        var ends = Enumerable.Range(0, tokenizer.Count).Count(tokenizer.IsEnd);
        var (open, closed) = (1.0, 0.0);
        for (var length = 1; length < maxTokens; length++)
            (closed, open) = (closed + open * ends, open * (tokenizer.Count - ends));
        return (long)Math.Min(closed + open * tokenizer.Count, 1e15);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
