using UniPo.Engine;

namespace UniPo.Tests.Policies;

/// <summary>Where groups are cut: a copy of the prompt is work, so parts are few and of about the same size.</summary>
public sealed class SequenceRowsTests
{
    private static readonly TinyTransformerConfig Config = new() { ContextLength = 1000 };

    [Theory]
    [InlineData(16, 16, 32, 1)] // 16 + 16·31 = 512 rows: one part, no copy of the prompt
    [InlineData(16, 64, 32, 4)]
    [InlineData(700, 4, 10, 1)] // a prompt longer than a block is not copied for nothing
    [InlineData(3, 5, 1, 1)] // responses of one token need no rows of their own
    public void A_group_is_cut_into_few_parts(int prompt, int group, int response, int parts)
    {
        var rows = Assigned(prompt, Enumerable.Repeat(response, group));

        Assert.Equal(parts, rows.Segments.Length);
        Assert.Equal(group, rows.Segments.ToArray().Sum(s => s.Responses));
        var sizes = rows.Segments.ToArray().Select(s => s.Responses).ToArray();
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }

    [Fact]
    public void Responses_of_unequal_length_share_the_rows_evenly()
    {
        int[] lengths = [200, 10, 30, 300, 5, 250, 120, 90, 400, 20, 60, 180];
        var rows = Assigned(20, lengths);

        var sizes = rows.Segments.ToArray().Select(s => s.Rows - 20).ToArray();
        Assert.Equal(lengths.Sum(l => l - 1), sizes.Sum());
        Assert.InRange(sizes.Max() - sizes.Min(), 0, lengths.Max());
        Assert.Equal(lengths.Sum(), rows.Predictors.Length);
    }

    private static SequenceRows Assigned(int prompt, IEnumerable<int> responses)
    {
        int[][] texts = [.. responses.Select(length => new int[length])];
        var rows = new SequenceRows();
        rows.Assign(new TokenSequences([new int[prompt]], texts, [texts.Length]), Config, vocabulary: 7);
        return rows;
    }
}
