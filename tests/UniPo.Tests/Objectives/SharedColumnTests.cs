using FsCheck;
using FsCheck.Fluent;

namespace UniPo.Tests;

/// <summary>A column whose numbers all tokens of a response share must be indistinguishable from one that holds them all.</summary>
public sealed class SharedColumnTests
{
    private static readonly TokenLayout Layout = new([2, 3, 1], [2, 1], [true, true, true, false, true, true]);

    private static TokenColumn Shared => TokenColumn.PerResponse(Layout, [0.5, -1, 2]);

    [Fact]
    public void Every_token_that_counts_holds_the_number_of_its_response() =>
        Assert.Equal([0.5, 0.5, -1, 0, -1, 2], Shared.Values.ToArray());

    [Fact]
    public void A_single_response_can_be_read_without_spreading_the_others()
    {
        var column = Shared;
        Assert.Equal([-1, 0, -1], column.Row(1, new double[3]).ToArray());
        Assert.Equal(3, column.Stored);
        Assert.Equal([-1, 0, -1], column.Row(1).ToArray());
        Assert.Equal(6, column.Stored);
    }

    [Fact]
    public void A_part_of_it_stays_shared()
    {
        var part = Shared.Select([1, 2], Layout.Select([1, 2]));
        Assert.Equal(2, part.Stored);
        Assert.Equal([-1, 0, -1, 2], part.Values.ToArray());
    }

    [Fact]
    public void Numbers_for_another_count_of_responses_are_refused() =>
        Assert.Contains(
            "3 responses, but 2",
            Assert.Throws<ArgumentException>(() => TokenColumn.PerResponse(Layout, [1, 2])).Message
        );

    [Fact]
    public void Weights_are_those_of_a_column_that_was_spread_before() =>
        Prop.ForAll<ulong>(Agree).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    private static void Agree(ulong seed)
    {
        var batch = RandomBatch.Of(seed);
        var compared = 0;
        foreach (var algorithm in Algorithms.All.OfType<PolicyObjective>())
        {
            var shared = algorithm.Credit(batch);
            if (shared.Advantages?.Shares is null)
                continue;
            var spread = shared with { Advantages = new TokenColumn(shared.Batch.Layout, shared.Advantages.Values.ToArray()) };
            var (one, other) = (algorithm.Evaluate(shared), algorithm.Evaluate(spread));
            for (var i = 0; i < batch.Layout.Tokens; i++)
                Assert.Equal(other.Weight.Values[i], one.Weight.Values[i], 1e-12 * (1 + Math.Abs(one.Weight.Values[i])));
            Assert.Equal(other.Summary.Objective, one.Summary.Objective, 1e-12 * (1 + Math.Abs(one.Summary.Objective)));
            Assert.Equal(other.Summary with { Objective = 0, RatioMean = 0 }, one.Summary with { Objective = 0, RatioMean = 0 });
            compared++;
        }
        Assert.True(compared >= 10, $"Only {compared} algorithms share advantages.");
    }
}
