using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace UniPo.Cli.Hosting;

/// <summary>A chain of compiled cells: each sees the variables, types and usings of those before it.</summary>
/// <remarks>
/// Every cell is compiled as one Roslyn submission and loaded into the default load context, where the libraries are too: a type
/// has one identity whoever loaded it first. The compiler's own script runner would load packages a second time.
/// </remarks>
internal sealed class ScriptSession(ReferenceSet references)
{
    /// <summary>The dialect of a cell: C# script, with top-level await and a trailing expression.</summary>
    public static CSharpParseOptions ParseOptions { get; } =
        new(LanguageVersion.CSharp14, DocumentationMode.None, SourceCodeKind.Script);

    private static readonly string[] _usings =
    [
        "System",
        "System.Text",
        "System.Collections",
        "System.Collections.Generic",
        "System.Threading.Tasks",
        "System.Linq",
        typeof(NotebookDisplay).FullName!,
    ];

    // Debug, as in other hosts: an error names the line it happened on. What must be fast lives in a library.
    private static readonly CSharpCompilationOptions _options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Debug,
        allowUnsafe: true,
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default
    );

    private CSharpCompilation? _previous;
    private object?[] _states = new object?[2];
    private int _count;

    /// <summary>The name under which a cell appears in stack traces.</summary>
    public static string DocumentName(int cell) => $"cell {cell}";

    /// <summary>Compiles and runs one cell.</summary>
    /// <param name="code">The cell, directives removed.</param>
    /// <param name="cell">Its number, for error messages.</param>
    /// <returns>The value of the trailing expression, and whether there was one.</returns>
    /// <exception cref="CellFaultException">The cell does not compile.</exception>
    public async Task<(bool HasValue, object? Value)> Run(string code, int cell)
    {
        var compilation = Link(code, cell, references.All, _previous);
        var tree = compilation.SyntaxTrees[0];
        using MemoryStream program = new(),
            symbols = new();
        var emitted = compilation.Emit(
            program,
            symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb)
        );
        var faults = emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (faults.Count > 0)
            throw CompilationFault.Of(faults, tree, cell);

        // Kept even if it throws below: what the cell declared before that stays, as in every notebook.
        _previous = compilation;
        _count++;

        // Nothing to run: the cell holds only usings or comments.
        if (!emitted.Success)
            return (false, null);
        program.Position = symbols.Position = 0;
        var assembly = AssemblyLoadContext.Default.LoadFromStream(program, symbols);
        var value = await Start(compilation, assembly);
        return (TrailingValue(compilation) is not null, value);
    }

    /// <summary>One link of the chain: a cell, compiled so that it sees those before it.</summary>
    /// <param name="code">The cell, directives removed.</param>
    /// <param name="cell">Its number.</param>
    /// <param name="references">The assemblies it may use.</param>
    /// <param name="previous">The cell before; null for the first.</param>
    public static CSharpCompilation Link(
        string code,
        int cell,
        IEnumerable<MetadataReference> references,
        CSharpCompilation? previous
    )
    {
        var text = SourceText.From(code, Encoding.UTF8);
        var tree = CSharpSyntaxTree.ParseText(text, ParseOptions, DocumentName(cell));

        // Usings reach all later cells. Said again there, they could mean the same type a second time: as it is seen with more
        // references.
        var options = _options.WithScriptClassName($"Cell{cell}").WithUsings(previous is null ? _usings : []);
        return CSharpCompilation.CreateScriptCompilation(
            $"cell-{cell}-{Guid.NewGuid():N}",
            tree,
            references,
            options,
            previous,
            typeof(object)
        );
    }

    /// <summary>The trailing expression of a cell if it has a value to show, or null.</summary>
    public static ExpressionSyntax? TrailingValue(CSharpCompilation cell)
    {
        var tree = cell.SyntaxTrees[0];
        if (
            tree.GetRoot().ChildNodes().LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax last }
        )
            return null;
        if (!last.SemicolonToken.IsMissing)
            return null;
        var type = cell.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type;
        return type?.SpecialType == SpecialType.System_Void ? null : last.Expression;
    }

    private async Task<object?> Start(CSharpCompilation compilation, Assembly assembly)
    {
        // Each submission writes itself into this array, at its place in the chain.
        if (_count + 1 >= _states.Length)
            Array.Resize(ref _states, 2 * _states.Length);
        var entry = compilation.GetEntryPoint(CancellationToken.None)!;
        var type = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!;
        var factory = type.GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return await factory.CreateDelegate<Func<object?[], Task<object?>>>()(_states);
    }
}
