using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace UniPo.Tests.Architecture;

/// <summary>A use of a type in the sources: file and room where it is used, type and room where that is declared.</summary>
/// <param name="From">Project and folder of the user, such as <c>UniPo/Training</c>; the project alone for files beside it.</param>
/// <param name="To">Project and folder of the type.</param>
/// <param name="File">The using file, relative to the repository.</param>
/// <param name="Type">Name of the type.</param>
internal sealed record Arrow(string From, string To, string File, string Type);

/// <summary>Reads the C# of all projects as one program and says who uses what.</summary>
internal static class SourceArrows
{
    private static readonly CSharpParseOptions _language = new(LanguageVersion.CSharp14);
    private static readonly Lazy<IReadOnlyList<Arrow>> _all = new(Read);

    /// <summary>Every use of a type that is declared in <c>src</c> or <c>tools</c>.</summary>
    public static IReadOnlyList<Arrow> All => _all.Value;

    /// <summary>Rooms that hold a source file, such as <c>UniPo/Training</c>.</summary>
    public static IReadOnlyList<string> Rooms { get; } =
    [.. Sources("src", "tools").Select(s => Room(s.File)).Distinct().Order()];

    /// <summary>The parsed files of some folders of the repository.</summary>
    public static IEnumerable<(string File, SyntaxTree Tree)> Sources(params string[] folders) =>
        from folder in folders
        where Directory.Exists(Repository.Path(folder))
        from path in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')
        where
            !file.Contains("/obj/")
            && !file.Contains("/bin/")
            && !file.Contains("/node_modules/")
            && !file.StartsWith("src/UniPo.Templates/content/", StringComparison.Ordinal)
        select (file, CSharpSyntaxTree.ParseText(File.ReadAllText(path), _language, file));

    // src/UniPo/Training/Trainer.cs is in UniPo/Training, src/UniPo.Cli/Program.cs in UniPo.Cli. The engine has floors.
    private static string Room(string file) =>
        file.Split('/') switch
        {
            [_, var project, "Engine", var floor, _, ..] => $"{project}/Engine/{floor}",
            [_, var project, var folder, _, ..] => $"{project}/{folder}",
            [_, var project, ..] => project,
            _ => file,
        };

    private static List<Arrow> Read()
    {
        var sources = Sources("src", "tools").ToArray();
        var compilation = Compile(sources.Select(s => s.Tree));
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

    // Packages that this test does not reference stay unknown; types of our own are known, and only they matter here.
    private static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees)
    {
        var usings = CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; "
                + "global using System.Linq; global using System.Threading; global using System.Threading.Tasks;",
            _language
        );
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => !Path.GetFileName(p).StartsWith("UniPo", StringComparison.Ordinal));
        return CSharpCompilation.Create(
            "sources",
            [usings, .. trees],
            framework.Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );
    }
}
