using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace UniPo.Cli.Exporting;

/// <summary>New names for what a notebook may call the same and one program may not.</summary>
/// <remarks>
/// In a notebook a later cell may declare <c>run</c> again, and a loop may use a name that a cell has used. In one program the
/// first is a second declaration and the second hides a local, so both get a number.
/// </remarks>
internal sealed class NameMap
{
    private readonly Dictionary<ISymbol, string> _names = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _taken = [];

    /// <summary>Finds the names to change.</summary>
    public NameMap(IEnumerable<ExportedCell> cells)
    {
        var models = cells
            .Where(c => c.Compilation is not null)
            .Select(c => c.Compilation!.GetSemanticModel(c.Compilation.SyntaxTrees[0]))
            .ToList();
        var declared = models.SelectMany(Declarations).ToList();
        foreach (var symbol in declared.Where(s => s.ContainingSymbol is INamedTypeSymbol { IsScriptClass: true }))
            if (!_taken.Add(symbol.Name))
                _names.Add(symbol, Free(symbol.Name));
        foreach (
            var symbol in declared.Where(s =>
                s is ILocalSymbol && s.ContainingSymbol.ContainingSymbol is INamedTypeSymbol { IsScriptClass: true }
            )
        )
            if (IsOfCell(symbol) && _taken.Contains(symbol.Name))
                _names.TryAdd(symbol, Free(symbol.Name));
    }

    /// <summary>The new name of a symbol, or null when it keeps its own.</summary>
    public string? Of(ISymbol? symbol) =>
        symbol is not null && _names.TryGetValue(symbol.OriginalDefinition, out var name) ? name : null;

    // Functions and lambdas may hide names around them; blocks of statements may not.
    private static bool IsOfCell(ISymbol local) =>
        local.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary, Name: "<Initialize>" };

    private string Free(string name) => Enumerable.Range(2, int.MaxValue - 2).Select(n => name + n).First(_taken.Add);

    private static IEnumerable<ISymbol> Declarations(SemanticModel model) =>
        model
            .SyntaxTree.GetRoot()
            .DescendantNodes()
            .Where(n =>
                n
                    is VariableDeclaratorSyntax
                        or SingleVariableDesignationSyntax
                        or ForEachStatementSyntax
                        or CatchDeclarationSyntax
                        or MethodDeclarationSyntax
                        or BaseTypeDeclarationSyntax
                        or DelegateDeclarationSyntax
            )
            .Select(n => model.GetDeclaredSymbol(n))
            .OfType<ISymbol>();
}
