using UniPo.Numerics;

namespace UniPo.Tests.Policies;

/// <summary>
/// Small models and batches with awkward sizes: nothing is a multiple of a vector's width, lengths differ, a response is empty.
/// </summary>
internal static class PolicyCases
{
    public static readonly Vocabulary Symbols = Vocabulary.OfCharacters("0123456");

    public static TinyTransformer Policy(TinyTransformerConfig config, ulong seed = 3)
    {
        var policy = TinyTransformer.Create(config, Symbols, seed);
        var random = new SeededRandom(seed + 1);
        // Larger weights than at the start of training, so that every path carries a signal; gains and value head off their
        // special values.
        foreach (ref var value in policy.Parameters.Values.AsSpan())
            value = (float)((value * 15) + (0.1 * random.NextGaussian()));
        foreach (var tensor in policy.Parameters.Tensors.Where(t => t.Shape.Count == 1))
        foreach (ref var value in policy.Parameters[tensor])
            value = (float)(1 + (0.3 * random.NextGaussian()));
        return policy;
    }

    public static TinyTransformerConfig Awkward =>
        new()
        {
            Layers = 2,
            Width = 12,
            Heads = 3,
            Hidden = 21,
            ContextLength = 16,
            RopeTheta = 100,
        };

    public static TokenSequences Batch(
        int prompts = 3,
        int group = 3,
        int longestPrompt = 5,
        int longestResponse = 7,
        ulong seed = 11
    )
    {
        var random = new SeededRandom(seed);
        int[] Text(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextInt(Symbols.Count))];
        var questions = Enumerable.Range(0, prompts).Select(p => Text(1 + ((p + longestPrompt - 1) % longestPrompt))).ToArray();
        var responses = Enumerable
            .Range(0, prompts * group)
            .Select(i =>
                Text(
                    i == 1 ? 0
                    : i == 2 ? longestResponse
                    : random.NextInt(longestResponse + 1)
                )
            )
            .ToArray();
        return new TokenSequences(questions, responses, [.. Enumerable.Repeat(group, prompts)]);
    }

    public static double[] Numbers(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }
}
