using UniPo.Numerics;

namespace UniPo;

/// <summary>Draws responses from a policy and scores them: the first half of every step of reinforcement learning.</summary>
/// <remarks>
/// Each response has a random stream of its own, named by seed, rollout and row. So a response depends neither on its
/// neighbours nor on how the rows are split into batches, and a run can go on from any rollout.
/// </remarks>
public sealed record Sampler
{
    /// <summary>Prompts of a rollout, at least 1.</summary>
    public int Prompts
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Prompts));
    } = 8;

    /// <summary>Responses to each prompt (G), at least 1.</summary>
    public int Group
    {
        get;
        init => field = Require.AtLeast(value, 1, nameof(Group));
    } = 16;

    /// <summary>Divides the logits, &gt; 0: below 1 the likely tokens become likelier, above 1 everything evens out.</summary>
    public double Temperature
    {
        get;
        init => field = Require.Positive(value, nameof(Temperature));
    } = 1;

    /// <summary>Also answers each prompt greedily and keeps that reward as a baseline (ReMax).</summary>
    public bool GreedyBaseline { get; init; }

    /// <summary>A batch of scored responses to random training prompts.</summary>
    /// <param name="policy">Who answers.</param>
    /// <param name="task">Asks and scores.</param>
    /// <param name="prompts">Number of prompts, at least 1.</param>
    /// <param name="group">Responses to each prompt, at least 1.</param>
    /// <param name="seed">Decides prompts and tokens.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <exception cref="ArithmeticException">A reward or the policy's logits are not finite.</exception>
    public static RolloutBatch Sample(
        IPolicy policy,
        ITask task,
        int prompts = 8,
        int group = 16,
        ulong seed = 0,
        double temperature = 1
    ) =>
        new Sampler
        {
            Prompts = prompts,
            Group = group,
            Temperature = temperature,
        }.Draw(policy, task, seed);

    /// <summary>
    /// The rollout of this number: the same seed and number give the same prompts and, from the same policy, the same tokens.
    /// </summary>
    /// <param name="policy">Who answers.</param>
    /// <param name="task">Asks and scores.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="rollout">Number of the rollout in the run.</param>
    public RolloutBatch Draw(IPolicy policy, ITask task, ulong seed, ulong rollout = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        var streams = SeededRandom.Stream(seed, rollout);
        return Answer(policy, task, Choose(task.TrainingPrompts, new SeededRandom(streams.NextBits())), streams.NextBits());
    }

    /// <summary>Responses to given prompts, sampled and scored.</summary>
    /// <param name="policy">Who answers.</param>
    /// <param name="task">Scores.</param>
    /// <param name="prompts">[P] the questions; their number overrules <see cref="Prompts"/>.</param>
    /// <param name="seed">Decides the tokens.</param>
    public RolloutBatch Answer(IPolicy policy, ITask task, IReadOnlyList<Prompt> prompts, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var written = Decoder.Run(policy, task, prompts, Group, Temperature, seed);
        var batch = Score(policy.Tokenizer, task, prompts, Group, written, Temperature);
        if (!GreedyBaseline)
            return batch;
        return batch with { GreedyRewards = [.. Greedy(policy, task, prompts, Temperature).Responses.Select(r => r.Reward)] };
    }

    /// <summary>
    /// One greedy response to each prompt: always the most probable token. Log-probabilities are those at the temperature.
    /// </summary>
    public static RolloutBatch Greedy(IPolicy policy, ITask task, IReadOnlyList<Prompt> prompts, double temperature = 1)
    {
        Require.Positive(temperature, nameof(temperature));
        var written = Decoder.Run(policy, task, prompts, 1, temperature, seed: null);
        return Score(policy.Tokenizer, task, prompts, 1, written, temperature);
    }

    /// <summary>Without repetition while there are prompts left; a pool smaller than the rollout is gone through again.</summary>
    private Prompt[] Choose(IReadOnlyList<Prompt> pool, SeededRandom random)
    {
        if (pool.Count == 0)
            throw new ArgumentException("The task has no training prompts; a rollout needs at least one.");
        var chosen = new List<Prompt>(Prompts);
        while (chosen.Count < Prompts)
        {
            var moved = new Dictionary<int, int>(); // a sparse Fisher-Yates shuffle: only what was drawn has moved
            for (var i = 0; i < pool.Count && chosen.Count < Prompts; i++)
            {
                var j = i + random.NextInt(pool.Count - i);
                chosen.Add(pool[moved.GetValueOrDefault(j, j)]);
                moved[j] = moved.GetValueOrDefault(i, i);
            }
        }
        return [.. chosen];
    }

    private static RolloutBatch Score(
        ITokenizer tokenizer,
        ITask task,
        IReadOnlyList<Prompt> prompts,
        int group,
        IReadOnlyList<NextToken[]> rows,
        double temperature
    )
    {
        var groups = new ResponseGroup[prompts.Count];
        for (var p = 0; p < prompts.Count; p++)
            groups[p] = new ResponseGroup(
                prompts[p],
                [.. rows.Skip(p * group).Take(group).Select(row => Judge(tokenizer, task, prompts[p], row))]
            );

        int[][] tokens = [.. groups.SelectMany(g => g.Responses).Select(r => r.Tokens!)];
        var sequences = new TokenSequences(
            [.. prompts.Select(p => tokenizer.Encode(p.Text))],
            tokens,
            [.. prompts.Select(_ => group)]
        );
        var logProbs = new TokenColumn(sequences.Layout, [.. rows.SelectMany(row => row.Select(t => t.LogProb))]);
        return new RolloutBatch
        {
            Groups = groups,
            Layout = sequences.Layout,
            Sequences = sequences,
            LogProbs = logProbs,
            OldLogProbs = logProbs, // the policy that sampled is still the current one
            Entropies = Entropies(sequences.Layout, rows),
            RewardNames = task.RewardNames,
            MaxTokens = task.MaxTokens,
            Temperature = temperature,
        };
    }

    /// <summary>Null where the policy did not measure them.</summary>
    private static TokenColumn? Entropies(TokenLayout layout, IReadOnlyList<NextToken[]> rows)
    {
        double[] entropies = [.. rows.SelectMany(row => row.Select(t => t.Entropy))];
        return Array.Exists(entropies, double.IsNaN) ? null : new TokenColumn(layout, entropies);
    }

    private static Response Judge(ITokenizer tokenizer, ITask task, Prompt prompt, NextToken[] row)
    {
        int[] tokens = [.. row.Select(t => t.Token)];
        var truncated = !tokenizer.IsEnd(tokens[^1]);
        var completion = new Completion(tokenizer.Decode(truncated ? tokens : tokens.AsSpan(..^1)), tokens.Length, truncated);
        var response = Response.Of(tokenizer, tokens);
        var reward = task.Reward(prompt, completion);
        if (!double.IsFinite(reward))
            throw new ArithmeticException(
                FormattableString.Invariant(
                    $"the task '{task.Name}' rewarded the response \"{response.Text}\" to the prompt \"{prompt.Text}\" with {reward}; a reward must be a finite number."
                )
            );
        return response with
        {
            Reward = reward,
            RewardParts = task.RewardParts(prompt, completion),
            RewardConfidences = task.RewardConfidences(prompt, completion),
            Truncated = truncated,
        };
    }
}
