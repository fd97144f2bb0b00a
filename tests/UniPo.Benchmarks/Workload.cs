using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>
/// Prompts, responses and rollouts of a benchmark: random symbols, responses of fixed length, as the PyTorch twin makes them.
/// </summary>
internal static class Workload
{
    public static int[][] Prompts(BenchmarkConfig config, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, config.Prompts).Select(_ => Text(random, config.PromptTokens, config))];
    }

    public static TokenSequences Sequences(BenchmarkConfig config, ulong seed)
    {
        var random = new SeededRandom(seed + 1000);
        return new TokenSequences(
            Prompts(config, seed),
            [.. Enumerable.Range(0, config.Responses).Select(_ => Text(random, config.ResponseTokens, config))],
            Groups(config)
        );
    }

    /// <summary>Decoding alone: the same token everywhere.</summary>
    public static void Decode(TinyTransformer policy, BenchmarkConfig config)
    {
        using var decoding = policy.Begin(Prompts(config, 1), config.Group, config.ResponseTokens);
        var (tokens, places, chosen) = (new int[decoding.Rows], new double[decoding.Rows], new NextToken[decoding.Rows]);
        for (var t = 0; t + 1 < config.ResponseTokens; t++)
            decoding.Append(tokens);
    }

    /// <summary>Samples responses of full length (an end symbol does not end them).</summary>
    public static (TokenSequences Sequences, double[] LogProbs) Rollout(
        TinyTransformer policy,
        BenchmarkConfig config,
        ulong seed
    )
    {
        var prompts = Prompts(config, seed);
        var responses = Enumerable.Range(0, config.Responses).Select(_ => new int[config.ResponseTokens]).ToArray();
        var logProbs = new double[config.Tokens];
        var step = Math.Max(((IPolicy)policy).RowsAtOnce / config.Group, 1); // in slices, as the library samples
        for (var first = 0; first < config.Prompts; first += step)
            Write(policy, config, seed, [.. prompts.Skip(first).Take(step)], first * config.Group, responses, logProbs);
        return (new TokenSequences(prompts, responses, Groups(config)), logProbs);
    }

    private static void Write(
        TinyTransformer policy,
        BenchmarkConfig config,
        ulong seed,
        int[][] prompts,
        int before,
        int[][] responses,
        double[] logProbs
    )
    {
        using var decoding = policy.Begin(prompts, config.Group, config.ResponseTokens);
        var random = Enumerable.Range(before, decoding.Rows).Select(row => SeededRandom.Stream(seed, (ulong)row)).ToArray();
        var (tokens, places, chosen) = (new int[decoding.Rows], new double[decoding.Rows], new NextToken[decoding.Rows]);
        for (var t = 0; ; t++)
        {
            for (var row = 0; row < decoding.Rows; row++)
                places[row] = random[row].NextDouble();
            decoding.Choose(places, 1, chosen);
            for (var row = 0; row < decoding.Rows; row++)
            {
                responses[before + row][t] = tokens[row] = chosen[row].Token;
                logProbs[((before + row) * config.ResponseTokens) + t] = chosen[row].LogProb;
            }
            if (t + 1 == config.ResponseTokens)
                return;
            decoding.Append(tokens);
        }
    }

    private static int[] Groups(BenchmarkConfig config) => [.. Enumerable.Repeat(config.Group, config.Prompts)];

    private static int[] Text(SeededRandom random, int length, BenchmarkConfig config) =>
        [.. Enumerable.Range(0, length).Select(_ => random.NextInt(config.Vocabulary.Count))];
}
