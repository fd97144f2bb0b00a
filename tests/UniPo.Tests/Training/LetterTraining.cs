namespace UniPo.Tests;

/// <summary>A training that takes milliseconds: a table of bigrams learns to answer digits with letters.</summary>
internal static class LetterTraining
{
    public static readonly LetterTask Task = new();
    public static readonly TrainerOptions Options = new()
    {
        Seed = 7,
        Prompts = 4,
        Group = 8,
        LearningRate = 0.05,
        WarmupSteps = 3,
    };

    /// <summary>Right about one time in ten: it closes its response after a letter, but hardly knows which letter.</summary>
    public static BigramPolicy Policy()
    {
        var policy = new BigramPolicy(Task.Vocabulary, seed: 3, spread: 0.3);
        foreach (var digit in Task.Vocabulary.Encode("01234"))
        foreach (var letter in Task.Vocabulary.Encode("abcde"))
            policy.Logits(digit)[letter] += 2;
        foreach (var letter in Task.Vocabulary.Encode("abcde"))
            policy.Logits(letter)[Task.Vocabulary.End] += 3;
        return policy;
    }

    public static Trainer New(
        TrainerOptions? options = null,
        ITask? task = null,
        Objective? objective = null,
        BigramPolicy? policy = null
    ) => new(policy ?? Policy(), task ?? Task, objective ?? Algorithms.Grpo, options ?? Options);
}
