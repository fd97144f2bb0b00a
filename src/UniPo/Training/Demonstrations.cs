using UniPo.Numerics;

namespace UniPo;

/// <summary>Right responses given by the task, in place of the policy's own: what supervised fine-tuning learns from.</summary>
internal sealed class Demonstrations(ITrainablePolicy policy, ITask task, TrainerOptions options, int responses)
{
    /// <summary>
    /// To imitate every response means given ones: imitating its own, whatever they are, would teach a policy nothing.
    /// </summary>
    public static bool Wanted(Objective objective) => objective is ImitationObjective { Selection: EveryResponse };

    /// <summary>As many responses as a sampled rollout has, each to a prompt of its own.</summary>
    public RolloutBatch Draw(int number)
    {
        var random = SeededRandom.Stream(options.Seed, (ulong)number);
        var (groups, tokens) = (new List<ResponseGroup>(), new List<int[]>());
        for (var i = 0; i < options.Prompts * responses; i++)
        {
            var prompt = task.TrainingPrompts[random.NextInt(task.TrainingPrompts.Count)];
            string[] right = [.. task.RightResponses(prompt)];
            if (right.Length == 0)
                throw new ArgumentException(
                    $"Supervised fine-tuning needs right responses to imitate, but the task '{task.Name}' lists none for \"{prompt.Text}\"."
                );
            var text = right[random.NextInt(right.Length)];
            tokens.Add([.. policy.Tokenizer.Encode(text), policy.Tokenizer.End]);
            groups.Add(new ResponseGroup(prompt, [Respond(prompt, text, tokens[^1])]));
        }
        var sequences = new TokenSequences(
            [.. groups.Select(g => policy.Tokenizer.Encode(g.Prompt.Text))],
            tokens,
            [.. groups.Select(_ => 1)]
        );
        var logProbs = new double[sequences.Layout.Tokens];
        foreach (var piece in Pieces.Of(sequences, options.MicroBatch))
            policy.Score(piece.Sequences, options.Temperature, logProbs.AsSpan(piece.Start, piece.Length), entropies: []);
        var column = new TokenColumn(sequences.Layout, logProbs);
        return new RolloutBatch
        {
            Groups = groups,
            Layout = sequences.Layout,
            Sequences = sequences,
            LogProbs = column,
            OldLogProbs = column,
            RewardNames = task.RewardNames,
            Temperature = options.Temperature,
        };
    }

    private Response Respond(Prompt prompt, string text, int[] tokens)
    {
        var completion = new Completion(text, tokens.Length, Truncated: false);
        return Response.Of(policy.Tokenizer, tokens) with
        {
            Reward = task.Reward(prompt, completion),
            RewardParts = task.RewardParts(prompt, completion),
        };
    }
}
