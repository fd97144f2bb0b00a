namespace UniPo.Interactive.Tests.Views;

/// <summary>What the colours of a token table mean.</summary>
public sealed class TokenTableTests
{
    [Fact]
    public void Stronger_push_has_stronger_colour_and_the_limits_are_symmetric()
    {
        var report = Sample.Grpo(Sample.Sums());
        var colouring = new TokenColouring(TokenColour.Weight, TokenRange.ThisStep, report.Batch, report);
        var weights = report.Weight.Values.ToArray();
        var strongest = weights.MaxBy(Math.Abs);
        Assert.Equal(strongest > 0 ? "p10" : "n10", colouring.Class(strongest));
        Assert.Equal(strongest > 0 ? "n10" : "p10", colouring.Class(-strongest));
        Assert.Equal("p0", colouring.Class(0));
        Assert.Equal(colouring.Ends[0].TrimStart('−'), colouring.Ends[2].TrimStart('+'));
    }

    [Fact]
    public void Tiny_weight_is_not_shown_as_none()
    {
        var report = Sample.Grpo(Sample.Sums());
        var colouring = new TokenColouring(TokenColour.Weight, TokenRange.Fixed(1), report.Batch, report);
        Assert.Equal(("p1", "n1"), (colouring.Class(1e-12), colouring.Class(-1e-12)));
    }

    [Fact]
    public void Ratio_of_two_and_of_a_half_are_equally_far_from_one()
    {
        var colouring = new TokenColouring(TokenColour.Ratio, TokenRange.Fixed(4), Sample.Sums(), null);
        Assert.Equal(("p5", "n5", "p0"), (colouring.Class(2), colouring.Class(0.5), colouring.Class(1)));
        Assert.Equal(["0.25", "1", "4"], colouring.Ends);
    }

    [Fact]
    public void Range_of_a_run_is_the_same_for_all_of_its_steps()
    {
        var run = Sample.RunWithTokens(4);
        var range = TokenRange.OfRun(run);
        var ends = run
            .Steps.Select(s => new TokenColouring(TokenColour.Weight, range, s.Report!.Batch, s.Report).Ends[2])
            .Distinct();
        Assert.Single(ends);
        Assert.Contains(
            "range: run",
            (run.Steps[0].Report!.Tokens() with { Range = range }).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Token_that_does_not_count_is_marked()
    {
        var batch = Sample.Sums();
        var mask = Enumerable.Repeat(true, batch.Layout.Tokens).ToArray();
        mask[1] = false;
        var masked = batch with { Layout = batch.Layout.WithMask(mask) };
        Assert.Contains("5[masked]", masked.Tokens().ToString(), StringComparison.Ordinal);
        Assert.Contains("class=\"off\"", masked.Tokens().ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_table_counts_what_it_leaves_out()
    {
        var text = (Sample.Grpo(Sample.Large(3, 4, 14)).Tokens() with { TokensPerResponse = 2, MostTokens = 9 }).ToString();
        Assert.Contains("(2 of ", text, StringComparison.Ordinal);
        Assert.Contains("of 12 responses shown", text, StringComparison.Ordinal);
    }
}
