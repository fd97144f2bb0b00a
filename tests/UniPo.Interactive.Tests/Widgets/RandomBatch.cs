using UniPo.Numerics;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>Batches no trainer would choose: groups of one, empty and masked responses, extreme ratios, equal rewards.</summary>
internal static class RandomBatch
{
    public static RolloutBatch Create(ulong seed, bool masked = true)
    {
        var random = new SeededRandom(seed);
        int[] sizes = [.. Enumerable.Range(0, 1 + random.NextInt(4)).Select(_ => 1 + random.NextInt(5))];
        int[] lengths = [.. Enumerable.Range(0, sizes.Sum()).Select(_ => 1 + random.NextInt(7))];
        var tokens = lengths.Sum();
        var mask = masked && seed % 3 != 0 ? Enumerable.Range(0, tokens).Select(_ => random.NextDouble() < 0.85).ToArray() : null;
        var layout = new TokenLayout(lengths, sizes, mask);
        double[] Logs(double spread) => [.. Enumerable.Range(0, tokens).Select(_ => -0.01 - spread * random.NextDouble())];
        var now = Logs(3);
        var step = seed % 4 == 0 ? 3.0 : 0.4;
        double[] Near(double size) => [.. now.Select(l => Math.Min(0, l + size * (random.NextDouble() - 0.5)))];
        var (old, reference, entropies, values) = (seed % 5 == 0 ? [.. now] : Near(step), Near(1), Logs(1), Logs(2));
        var row = 0;
        var groups = sizes
            .Select(
                (size, g) =>
                    new ResponseGroup(
                        new Prompt($"{g}+1="),
                        [
                            .. Enumerable
                                .Range(0, size)
                                .Select(_ => new Response
                                {
                                    Symbols = [.. Enumerable.Repeat("7", lengths[row++])],
                                    Reward = g == 0 ? 0.1 : Math.Round(random.NextDouble() * 2, 1),
                                    Truncated = random.NextDouble() < 0.3,
                                    RewardParts = [random.NextDouble(), random.NextInt(2)],
                                    RewardConfidences = [random.NextDouble(), 1],
                                }),
                        ]
                    )
            )
            .ToArray();
        return new RolloutBatch
        {
            Groups = groups,
            Layout = layout,
            LogProbs = new TokenColumn(layout, now),
            OldLogProbs = new TokenColumn(layout, old),
            ReferenceLogProbs = new TokenColumn(layout, reference),
            Entropies = new TokenColumn(layout, [.. entropies.Select(e => -e)]),
            OldValues = new TokenColumn(layout, values),
            Values = new TokenColumn(layout, [.. values.Select((v, t) => v + 0.3 * Math.Sin(t))]),
            SamplerLogProbs = new TokenColumn(layout, [.. old.Select((l, t) => Math.Min(0, l + 0.3 * Math.Sin(3 * t)))]),
            SamplerWeights = new TokenColumn(layout, [.. old.Select((_, t) => 1 + 0.2 * Math.Cos(t))]),
            GreedyRewards = [.. sizes.Select(_ => random.NextDouble())],
        };
    }
}
