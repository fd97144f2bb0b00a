namespace UniPo.Claims.Tests;

public sealed class ClaimPageTests
{
    [Fact]
    public void The_page_in_the_repository_has_every_claim()
    {
        var rows = File.ReadLines(ClaimPage.Published).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1);
        Assert.Equal(
            ClaimPage.All.Select(c => ClaimPage.Label(c.Claim)),
            rows.Select(row => string.Join('|', row.Split('|')[..3]) + "|")
        );
    }

    [Theory]
    [InlineData("gain 0.422 (n = 5)", "gain 0.431 (n = 5)", true)]
    [InlineData("gain 0.422 (n = 5)", "gain 0.331 (n = 5)", false)]
    [InlineData("66,370 tokens", "66,990 tokens", true)]
    [InlineData("66,370 tokens", "129,209 tokens", false)]
    [InlineData("changed by 7.0e-6", "changed by 6.1e-6", true)]
    [InlineData("wrong +0.0113", "right +0.0113", false)]
    public void Figures_may_differ_a_little_and_words_not_at_all(string published, string found, bool alike) =>
        Assert.Equal(alike, FigureComparison.IsAlike(published, found));
}
