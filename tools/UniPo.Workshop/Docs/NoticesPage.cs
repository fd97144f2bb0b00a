using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace UniPo.Workshop.Docs;

/// <summary>The page <c>THIRD-PARTY-NOTICES.md</c>: which packages of others the tool's package holds, and under which terms.</summary>
internal static class NoticesPage
{
    /// <summary>The page as Markdown.</summary>
    /// <param name="dependencies">The file <c>UniPo.Cli.deps.json</c> of a build: what the command needs to run.</param>
    /// <param name="packages">NuGet's folder of restored packages, which hold their licenses.</param>
    /// <exception cref="InvalidDataException">A package states no license.</exception>
    public static string Write(string dependencies, string packages)
    {
        var text = new StringBuilder(
            """
            # Third-party notices

            Written by `workshop notices` from what the command line is built with; do not edit by hand. The package of the tool `unipo` holds the
            libraries below, unchanged; the other packages of UniPo name theirs as dependencies and hold none of them. Each library is the
            property of its authors and comes under the license that its own package states.

            | library | version | license | copyright |
            |---|---|---|---|

            """.ReplaceLineEndings("\n")
        );
        foreach (var (id, version) in Shipped(dependencies))
            text.Append(Row(id, version, packages));
        text.Append(
            "\nThe script of the views holds no code of others. The golden vectors in `data/golden` are outputs of other projects' code; their\n"
        );
        return text.Append("sources, commits and licenses stand in `data/golden/README.md`.\n").ToString();
    }

    /// <summary>Packages of others whose files lie beside the command.</summary>
    /// <param name="dependencies">The file <c>UniPo.Cli.deps.json</c>.</param>
    public static IReadOnlyList<(string Id, string Version)> Shipped(string dependencies)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(dependencies));
        var used = json.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject();
        return
        [
            .. used.Where(l => l.Value.TryGetProperty("runtime", out _))
                .Where(l =>
                    json.RootElement.GetProperty("libraries").GetProperty(l.Name).GetProperty("type").GetString() == "package"
                )
                .Select(l => l.Name.Split('/'))
                .Select(parts => (parts[0], parts[1]))
                .OrderBy(p => p.Item1, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static string Row(string id, string version, string packages)
    {
        var name = id.ToLowerInvariant();
        var file = Path.Combine(packages, name, version.ToLowerInvariant(), name + ".nuspec");
        var metadata = XDocument.Load(file).Root!.Elements().First(e => e.Name.LocalName == "metadata");
        string? Value(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value.Trim();
        var license =
            Value("license") ?? Value("licenseUrl") ?? throw new InvalidDataException($"{id} {version} states no license.");
        var owner = Value("copyright") is { Length: > 0 } copyright ? copyright : Value("authors");
        return $"| {id} | {version} | {license} | {owner?.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")} |\n";
    }
}
