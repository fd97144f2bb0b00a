using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>
/// Random batches of every awkward shape: unequal groups, masks inside responses, extreme ratios, single tokens.
/// </summary>
internal static class RandomBatch
{
    /// <param name="seed">Decides everything.</param>
    /// <param name="spread">Standard deviation of log π_θ − log π_old, in nats.</param>
    public static RolloutBatch Of(ulong seed, double spread = 0.5)
    {
        var random = new SeededRandom(seed);
        var groups = Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => 1 + random.NextInt(4)).ToArray();
        var lengths = Enumerable.Range(0, groups.Sum()).Select(_ => random.NextInt(3) == 0 ? 1 : 1 + random.NextInt(6)).ToArray();
        var tokens = lengths.Sum();
        var mask = Enumerable.Range(0, tokens).Select(_ => random.NextInt(5) > 0).ToArray();
        var layout = new TokenLayout(lengths, groups, random.NextInt(2) == 0 ? mask : null);
        double[] LogProbs() => [.. Enumerable.Range(0, tokens).Select(_ => -0.05 - 2 * random.NextDouble())];
        var old = LogProbs();
        double[] now = [.. old.Select(o => Math.Min(o + spread * random.NextGaussian(), -1e-3))];
        double[] Column() => [.. Enumerable.Range(0, tokens).Select(_ => random.NextGaussian())];
        var row = 0;
        var rubric = SeededRandom.Stream(seed, 1);
        return new RolloutBatch
        {
            Groups =
            [
                .. groups.Select(
                    (size, g) =>
                        new ResponseGroup(
                            new Prompt($"p{g}"),
                            [
                                .. Enumerable
                                    .Range(0, size)
                                    .Select(_ => new Response
                                    {
                                        Symbols = [.. Enumerable.Repeat("x", lengths[row++])],
                                        Reward = Math.Round(random.NextGaussian(), 1),
                                        Truncated = random.NextInt(6) == 0,
                                        RewardParts = [rubric.NextDouble(), rubric.NextDouble()],
                                        RewardConfidences = [1, rubric.NextDouble()],
                                    }),
                            ]
                        )
                ),
            ],
            RewardNames = ["right", "neat"],
            Layout = layout,
            LogProbs = new TokenColumn(layout, now),
            OldLogProbs = new TokenColumn(layout, old),
            ReferenceLogProbs = new TokenColumn(layout, LogProbs()),
            SamplerLogProbs = new TokenColumn(layout, [.. old.Select(o => o + 0.1 * random.NextGaussian())]),
            Entropies = new TokenColumn(layout, [.. Column().Select(Math.Abs)]),
            OldValues = new TokenColumn(layout, Column()),
            Values = new TokenColumn(layout, Column()),
            GreedyRewards = [.. groups.Select(_ => Math.Round(random.NextGaussian(), 1))],
        };
    }
}
