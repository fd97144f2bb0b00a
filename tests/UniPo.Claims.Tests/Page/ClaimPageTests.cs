namespace UniPo.Claims.Tests;

public sealed class ClaimPageTests
{
    [Fact]
    public void The_page_in_the_repository_has_every_claim()
    {
        var rows = File.ReadLines(Path.Combine(ClaimPage.Repository, "docs", "claims.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1);
        Assert.Equal(
            ClaimPage.All.Select(c => ClaimPage.Label(c.Claim)),
            rows.Select(row => string.Join('|', row.Split('|')[..3]) + "|")
        );
    }
}
