using System.Runtime.InteropServices;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>
/// 128 responses of 512 tokens with every column an objective may ask for, and the same numbers as a file for another program.
/// </summary>
internal static class EvaluateBatch
{
    public const int Groups = 16,
        Group = 8,
        Length = 512;

    public static RolloutBatch Create()
    {
        var random = new SeededRandom(1);
        var tokens = Groups * Group * Length;
        var layout = new TokenLayout([.. Enumerable.Repeat(Length, Groups * Group)], [.. Enumerable.Repeat(Group, Groups)]);
        double[] old = [.. Enumerable.Range(0, tokens).Select(_ => -0.01 - 3 * random.NextDouble())];
        double[] values = [.. old.Select(_ => random.NextDouble())];
        TokenColumn Near(double[] column, double spread, double most) =>
            new(layout, [.. column.Select(o => Math.Min(o + spread * random.NextGaussian(), most))]);
        var symbols = Enumerable.Repeat("x", Length).ToArray();
        Response One() =>
            new()
            {
                Symbols = symbols,
                Reward = random.NextInt(2),
                RewardParts = [random.NextDouble(), random.NextDouble()],
                RewardConfidences = [random.NextDouble(), random.NextDouble()],
            };
        return new RolloutBatch
        {
            Groups =
            [
                .. Enumerable
                    .Range(0, Groups)
                    .Select(g => new ResponseGroup(new Prompt($"{g}"), [.. Enumerable.Range(0, Group).Select(_ => One())])),
            ],
            RewardNames = ["right", "neat"],
            Layout = layout,
            LogProbs = Near(old, 0.15, 0),
            OldLogProbs = new TokenColumn(layout, old),
            ReferenceLogProbs = Near(old, 0.3, 0),
            Values = Near(values, 0.1, 2),
            OldValues = new TokenColumn(layout, values),
            GreedyRewards = [.. Enumerable.Range(0, Groups).Select(_ => (double)random.NextInt(2))],
        };
    }

    /// <summary>Writes the columns as doubles, in the order in which the script reads them.</summary>
    /// <param name="batch">The numbers.</param>
    /// <param name="dropped">[ΣT] the tokens that Clip-Cov drew: the one thing another generator cannot repeat.</param>
    /// <param name="path">The file.</param>
    public static void Write(RolloutBatch batch, IReadOnlyList<ClipSide> dropped, string path)
    {
        using var stream = File.Create(path);
        void Put(ReadOnlySpan<double> numbers) => stream.Write(MemoryMarshal.AsBytes(numbers));
        foreach (
            var column in new[] { batch.LogProbs, batch.OldLogProbs, batch.ReferenceLogProbs!, batch.Values!, batch.OldValues! }
        )
            Put(column.Values);
        Put([.. dropped.Select(s => s == ClipSide.Dropped ? 1.0 : 0)]);
        Put(batch.Rewards());
        for (var k = 0; k < 2; k++)
            Put([.. batch.Responses.Select(r => r.RewardParts[k])]);
        for (var k = 0; k < 2; k++)
            Put([.. batch.Responses.Select(r => r.RewardConfidences[k])]);
        Put([.. Enumerable.Range(0, batch.Layout.Responses).Select(row => batch.GreedyRewards![batch.Layout.GroupOf[row]])]);
    }
}
