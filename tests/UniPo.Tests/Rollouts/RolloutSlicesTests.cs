namespace UniPo.Tests;

public sealed class RolloutSlicesTests
{
    private static readonly LetterTask Task = new();
    private static readonly RolloutBatch Batch = new Sampler
    {
        Prompts = 4,
        Group = 3,
        GreedyBaseline = true,
    }.Draw(new BigramPolicy(Task.Vocabulary, 3), Task, seed: 7);

    [Fact]
    public void Every_column_goes_along_with_its_group()
    {
        var slice = Batch.OfGroups([2, 0]);
        Assert.Equal([.. Batch.Groups[2].Responses, .. Batch.Groups[0].Responses], slice.Responses);
        for (var row = 0; row < 6; row++)
        {
            var source = row < 3 ? 6 + row : row - 3;
            Assert.Equal(Batch.OldLogProbs.Row(source).ToArray(), slice.OldLogProbs.Row(row).ToArray());
            Assert.Equal(Batch.Entropies!.Row(source).ToArray(), slice.Entropies!.Row(row).ToArray());
            Assert.Equal(Batch.Sequences!.Responses[source], slice.Sequences!.Responses[row]);
        }
        Assert.Equal([Batch.GreedyRewards![2], Batch.GreedyRewards[0]], slice.GreedyRewards!);
        Assert.Null(slice.ReferenceLogProbs);
    }

    [Fact]
    public void A_mask_goes_along()
    {
        var mask = Enumerable.Range(0, Batch.Layout.Tokens).Select(i => i % 3 != 0).ToArray();
        var slice = (Batch with { Layout = Batch.Layout.WithMask(mask) }).OfGroups([1]);
        Assert.Equal(mask[Batch.Layout.RowStarts[3]..Batch.Layout.RowStarts[6]], slice.Layout.Mask.ToArray());
    }

    [Fact]
    public void Rows_cut_through_a_group_keep_their_prompt()
    {
        var part = Batch.Sequences!.OfRows(2, 3);
        Assert.Equal([1, 2], [part.Layout.GroupSize(0), part.Layout.GroupSize(1)]);
        Assert.Equal([Batch.Sequences!.Prompts[0], Batch.Sequences.Prompts[1]], part.Prompts);
        Assert.Equal(Batch.Sequences.Responses.Skip(2).Take(3), part.Responses);
    }

    [Fact]
    public void A_group_that_does_not_exist_is_named() =>
        Assert.Contains(
            "groups 0..3, but group 4",
            Assert.Throws<ArgumentOutOfRangeException>(() => Batch.OfGroups([4])).Message,
            StringComparison.Ordinal
        );
}
