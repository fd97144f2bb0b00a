using System.Text.Json;
using Microsoft.Playwright;

namespace UniPo.Interactive.Tests.Browser;

/// <summary>axe-core, the accessibility checker, from this folder's package.json.</summary>
internal static class Axe
{
    private static readonly Lazy<string> _source = new(() =>
    {
        var file = Repository.Path("tests", "UniPo.Interactive.Tests", "node_modules", "axe-core", "axe.min.js");
        return File.Exists(file)
            ? File.ReadAllText(file)
            : throw new InvalidOperationException(
                "axe-core is not installed. Run 'npm ci' in tests/UniPo.Interactive.Tests (./test.sh does it)."
            );
    });

    // Each violation with the first elements that show it.
    private const string Run = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => ({
          id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + ' | ' + n.failureSummary.replaceAll('\n', ' ').slice(0, 300)) }))
        """;

    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Fails with what the checker objects to on the page as it is now.</summary>
    public static async Task AssertNothing(IPage page)
    {
        await page.EvaluateAsync(_source.Value);
        var violations = await page.EvaluateAsync<JsonElement>(Run);
        Assert.True(violations.GetArrayLength() == 0, JsonSerializer.Serialize(violations, _readable));
    }
}
