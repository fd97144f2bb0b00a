using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace UniPo.Tests.Architecture;

/// <summary>
/// The house has rooms, and arrows between them point one way. These tests read the sources, not the documentation.
/// </summary>
public sealed class ArrowTests
{
    // A room may use itself and every room on an earlier line; rooms on the same line may use each other only where UsesNeighbour
    // says so.
    private static readonly string[][] _rooms =
    [
        ["Engine/Lanes", "Engine/Memory", "Engine/Threads"],
        ["Engine/Kernels"],
        ["Numerics", "Tokens"],
        ["Policies", "Tasks"],
        ["Engine/Weights"],
        ["Engine/Passes"],
        ["Rollouts", "Optimizers"],
        ["Advantages"],
        ["Objectives"],
        ["Algorithms"],
        ["Training"],
        ["Runs", "Statistics"],
    ];

    private static readonly (string From, string To)[] _neighbours = [("Tokens", "Numerics"), ("Statistics", "Runs")];

    [Fact]
    public void Every_arrow_between_the_rooms_of_the_library_points_towards_the_foundation()
    {
        var wrong = Arrows()
            .Where(a => !IsAllowed(a.From, a.To) && !IsDoorOfTheEngine(a))
            .Select(a => $"{a.File}: {a.From} uses {a.Type} of {a.To}")
            .Distinct()
            .ToArray();
        Assert.True(wrong.Length == 0, "These files reach into a later room:\n" + string.Join("\n", wrong.Take(30)));
    }

    [Fact]
    public void The_reader_of_the_sources_sees_the_arrows_that_do_exist()
    {
        // Guards the test above: were the semantic model blind, no arrow would ever be wrong.
        Assert.Contains(Arrows(), a => a is { From: "Policies", To: "Tokens" });
        Assert.Contains(Arrows(), a => a is { From: "Training", To: "Objectives" });
    }

    [Fact]
    public void Every_folder_of_the_library_is_a_room_of_the_plan()
    {
        var folders = Sources(Path.Combine("src", "UniPo")).Select(s => Room(s.File)).Distinct();
        Assert.Empty(folders.Except(_rooms.SelectMany(r => r)));
    }

    [Fact]
    public void The_engine_shows_nothing_of_itself()
    {
        var shown = Sources(Path.Combine("src", "UniPo", "Engine"))
            .SelectMany(s =>
                s.Tree.GetRoot()
                    .DescendantNodes()
                    .OfType<BaseTypeDeclarationSyntax>()
                    .Where(t => t.Parent is BaseNamespaceDeclarationSyntax && t.Modifiers.Any(SyntaxKind.PublicKeyword))
                    .Select(t => t.Identifier.Text)
            );
        Assert.Empty(shown);
    }

    [Theory]
    [InlineData("UniPo", new string[0])]
    [InlineData("UniPo.Interactive", new[] { "UniPo" })]
    [InlineData("UniPo.Cli", new[] { "UniPo.Interactive" })]
    public void A_project_references_only_the_project_below_it(string project, string[] expected)
    {
        var file = XDocument.Load(Repository.Path("src", project, project + ".csproj"));
        var referenced = file.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
        Assert.Equal(expected, referenced);
    }

    [Theory]
    [InlineData("UniPo", new[] { "MathNet.Numerics" })]
    [InlineData("UniPo.Interactive", new string[0])]
    public void A_package_depends_on_no_notebook_host_and_on_few_packages(string project, string[] expected)
    {
        var file = XDocument.Load(Repository.Path("src", project, project + ".csproj"));
        Assert.Equal(expected, file.Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!));
    }

    [Fact]
    public void No_type_name_hides_behind_an_empty_word()
    {
        string[] banned = ["Helper", "Utils", "Utilities", "Manager", "Common", "Data", "Info"];
        var names = Sources("src", "tests")
            .SelectMany(s =>
                s.Tree.GetRoot()
                    .DescendantNodes()
                    .OfType<BaseTypeDeclarationSyntax>()
                    .Select(t => (s.File, Name: t.Identifier.Text))
            );
        Assert.DoesNotContain(
            names,
            n => banned.Any(b => n.Name.EndsWith(b, StringComparison.Ordinal) || n.Name.StartsWith(b, StringComparison.Ordinal))
        );
    }

    private static bool IsAllowed(string from, string to)
    {
        if (from == to || _neighbours.Contains((from, to)))
            return true;
        int Line(string room) => Array.FindIndex(_rooms, r => r.Contains(room));
        return Line(to) < Line(from);
    }

    private sealed record Arrow(string From, string To, string File, string Type);

    private static readonly Lazy<IReadOnlyList<Arrow>> _arrows = new(ReadArrows);

    private static IReadOnlyList<Arrow> Arrows() => _arrows.Value;

    private static List<Arrow> ReadArrows()
    {
        var sources = Sources(Path.Combine("src", "UniPo")).ToArray();
        var usings = CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; "
                + "global using System.Linq; global using System.Threading; global using System.Threading.Tasks;",
            _language
        );
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) != "UniPo.dll");
        var compilation = CSharpCompilation.Create(
            "sources",
            [usings, .. sources.Select(s => s.Tree)],
            trusted.Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );
        var arrows = new List<Arrow>();
        foreach (var (file, tree) in sources)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name).Symbol;
                var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                var declared = type?.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath;
                if (declared is { Length: > 0 })
                    arrows.Add(new Arrow(Room(file), Room(declared), file, type!.Name));
            }
        }
        return arrows;
    }

    private static string Room(string file) =>
        file.Split('/', '\\') is [_, _, "Engine", var floor, ..] ? "Engine/" + floor : file.Split('/', '\\')[2];

    /// <summary>The transformer that users see is the one door to the passes that compute it.</summary>
    private static bool IsDoorOfTheEngine(Arrow arrow) =>
        arrow.To is "Engine/Weights" or "Engine/Passes"
        && Path.GetFileName(arrow.File).StartsWith("TinyTransformer", StringComparison.Ordinal);

    private static readonly CSharpParseOptions _language = new(LanguageVersion.CSharp14);

    private static IEnumerable<(string File, SyntaxTree Tree)> Sources(params string[] folders) =>
        from folder in folders
        from path in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')
        where !file.Contains("/obj/") && !file.Contains("/bin/") && !file.Contains("/node_modules/")
        select (file, CSharpSyntaxTree.ParseText(File.ReadAllText(path), _language, file));
}
