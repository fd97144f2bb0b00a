using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace UniPo.Cli.Hosting;

/// <summary>A package a cell asks for.</summary>
/// <param name="Name">Name of the package.</param>
/// <param name="Version">Version, or null for the newest.</param>
internal sealed record PackageRequest(string Name, string? Version);

/// <summary>What the <c>#r</c> and <c>#i</c> lines of a cell ask for, and the cell without them.</summary>
internal sealed partial record CellDirectives
{
    /// <summary>The cell's code; each directive became an empty line, so that line numbers stay.</summary>
    public required string Code { get; init; }

    /// <summary><c>#r "nuget: Name, Version"</c>.</summary>
    public required IReadOnlyList<PackageRequest> Packages { get; init; }

    /// <summary><c>#r "/path/x.dll"</c>.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    /// <summary><c>#i "nuget: feed"</c>.</summary>
    public required IReadOnlyList<string> Feeds { get; init; }

    /// <summary>Reads the directives of a cell.</summary>
    /// <param name="code">The cell's text.</param>
    /// <exception cref="CellFaultException">A directive that cannot be followed; the message names its line.</exception>
    public static CellDirectives Read(string code)
    {
        List<PackageRequest> packages = [];
        List<string> assemblies = [],
            feeds = [];
        var text = SourceText.From(code);
        var kept = new StringBuilder(code);
        foreach (var directive in Directives(code))
        {
            var span = directive.GetLocation().SourceSpan;
            var line = text.Lines.GetLineFromPosition(span.Start);
            var words = line.ToString().Trim();
            if (Magic().IsMatch(words))
                throw new CellFaultException(
                    $"line {line.LineNumber + 1}: magic commands such as {words.Split(' ')[0]} are not run; use C# only."
                );
            if (Reference().Match(words) is not { Success: true } match)
                continue;
            Sort(match.Groups["kind"].Value, match.Groups["what"].Value.Trim(), line.LineNumber + 1);
            for (var i = line.Start; i < line.End; i++)
                kept[i] = ' ';
        }

        return new CellDirectives
        {
            Code = kept.ToString(),
            Packages = packages,
            Assemblies = assemblies,
            Feeds = feeds,
        };

        void Sort(string kind, string what, int line)
        {
            if (Package().Match(what) is { Success: true } package)
                packages.Add(
                    new PackageRequest(
                        package.Groups["name"].Value,
                        package.Groups["version"] is { Success: true } v ? v.Value : null
                    )
                );
            else if (kind == "i" && what.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                feeds.Add(what["nuget:".Length..].Trim());
            else if (kind == "r" && !what.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                assemblies.Add(what);
            else
                throw new CellFaultException(
                    $"line {line}: #{kind} \"{what}\" is not understood; write #r \"nuget: Name, 1.2.3\" or #r \"/path/to/file.dll\"."
                );
        }
    }

    private static IEnumerable<DirectiveTriviaSyntax> Directives(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code, ScriptSession.ParseOptions).GetCompilationUnitRoot();
        return root.DescendantTrivia(descendIntoTrivia: true).Select(t => t.GetStructure()).OfType<DirectiveTriviaSyntax>();
    }

    [GeneratedRegex("""^#(?<kind>[ri])\s*"(?<what>[^"]*)"\s*(//.*)?;?$""")]
    private static partial Regex Reference();

    [GeneratedRegex("""^nuget:\s*(?<name>[A-Za-z0-9_.\-]+)\s*(,\s*(?<version>[^\s,]+)\s*)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Package();

    [GeneratedRegex("""^#![A-Za-z]""")]
    private static partial Regex Magic();
}
