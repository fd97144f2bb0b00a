namespace UniPo.Tests;

public sealed class PromptSplitTests
{
    private static readonly Prompt[] Prompts = [.. Enumerable.Range(0, 100).Select(i => new Prompt($"{i}=", $"{i}"))];

    [Fact]
    public void The_parts_hold_every_prompt_once()
    {
        var split = Tasks.Split(Prompts, heldOut: 0.25);
        Assert.Equal((75, 25), (split.Training.Count, split.HeldOut.Count));
        Assert.Equal(
            Prompts.Order(Comparer<Prompt>.Create((a, b) => string.CompareOrdinal(a.Text, b.Text))),
            split.Training.Concat(split.HeldOut).OrderBy(p => p.Text, StringComparer.Ordinal)
        );
        Assert.Equal("75 prompts for training, 25 held out", split.ToString());
    }

    [Fact]
    public void The_seed_decides_the_parts_and_nothing_else_does()
    {
        Assert.Equal(Tasks.Split(Prompts).HeldOut, Tasks.Split(Prompts).HeldOut);
        Assert.NotEqual(Tasks.Split(Prompts).HeldOut, Tasks.Split(Prompts, seed: 1).HeldOut);
    }

    [Fact]
    public void No_last_digit_is_missing_from_what_is_held_out() =>
        Assert.Equal(10, Tasks.Split(Prompts, heldOut: 0.5).HeldOut.Select(p => p.Text[^2]).Distinct().Count());

    [Fact]
    public void A_prompt_that_is_listed_twice_lies_in_one_part()
    {
        var split = Tasks.Split([.. Prompts, .. Prompts], heldOut: 0.5);
        Assert.Equal(100, split.Training.Count + split.HeldOut.Count);
        Assert.Empty(split.Training.Intersect(split.HeldOut));
    }

    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(0.999, 99)]
    public void Each_part_gets_at_least_one_prompt(double share, int heldOut) =>
        Assert.Equal(heldOut, Tasks.Split(Prompts, share).HeldOut.Count);

    [Fact]
    public void What_cannot_be_divided_is_refused()
    {
        string Message(Func<object> act) => Assert.ThrowsAny<ArgumentException>(act).Message;
        Assert.Contains("there was one", Message(() => Tasks.Split([new("a"), new("a")])), StringComparison.Ordinal);
        Assert.Contains("there were none", Message(() => Tasks.Split([])), StringComparison.Ordinal);
        Assert.Contains(
            "\"a\" has \"1\" and \"2\"",
            Message(() => Tasks.Split([new("a", "1"), new("a", "2")])),
            StringComparison.Ordinal
        );
        foreach (var share in new[] { 0, 1, double.NaN })
            Assert.Contains(
                "The share held out must lie in (0, 1), but was",
                Message(() => Tasks.Split(Prompts, share)),
                StringComparison.Ordinal
            );
    }
}
