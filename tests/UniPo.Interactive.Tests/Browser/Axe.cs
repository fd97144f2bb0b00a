using System.Text.Json;

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

    /// <summary>The checker's script.</summary>
    public static string Source => _source.Value;

    /// <summary>Checks the page and returns each violation with the first elements that show it.</summary>
    public const string Run = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => ({
          id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + ' | ' + n.failureSummary.replaceAll('\n', ' ').slice(0, 300)) }))
        """;

    /// <summary>For readable messages.</summary>
    public static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
