using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Exporting;

/// <summary>All code cells of a notebook, compiled one after the other without running them.</summary>
internal sealed class CellChain
{
    private readonly List<ExportedCell> _cells = [];
    private readonly List<PackageRequest> _packages = [];

    /// <summary>The cells in order; those tagged <c>skip-execution</c> are not among them.</summary>
    public IReadOnlyList<ExportedCell> Cells => _cells;

    /// <summary>The packages they ask for.</summary>
    public IReadOnlyList<PackageRequest> Packages => _packages;

    /// <summary>Compiles a notebook.</summary>
    /// <exception cref="UsageException">A cell does not compile, or asks for something a single file cannot have.</exception>
    public static async Task<CellChain> Of(Notebook notebook)
    {
        var chain = new CellChain();
        var references = new ReferenceSet();
        var packages = new PackageReferences(references, Path.GetDirectoryName(notebook.Path)!);
        CSharpCompilation? previous = null;
        foreach (var cell in notebook.Cells.Where(c => c.IsCode && !c.Has(CellTag.SkipExecution)))
        {
            try
            {
                previous = await chain.Add(cell, references, packages, previous);
            }
            catch (CellFaultException fault)
            {
                throw new UsageException($"{notebook.Path}: {fault.Message}");
            }
        }

        return chain;
    }

    private async Task<CSharpCompilation?> Add(
        NotebookCell cell,
        ReferenceSet references,
        PackageReferences packages,
        CSharpCompilation? previous
    )
    {
        var directives = CellDirectives.Read(cell.Source);
        if (directives.Assemblies.Count > 0)
            throw new CellFaultException(
                $"cell {cell.Number}: #r \"{directives.Assemblies[0]}\" has no equivalent in a single-file program; use a package."
            );
        await packages.Follow(directives);
        _packages.AddRange(directives.Packages.Except(_packages));

        var compilation = ScriptSession.Link(directives.Code, cell.Number, references.All, previous);
        var faults = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (faults.Count > 0 && !cell.Has(CellTag.RaisesException))
            throw CompilationFault.Of(faults, compilation.SyntaxTrees[0], cell.Number);
        _cells.Add(new ExportedCell(cell, faults.Count > 0 ? null : compilation));
        return faults.Count > 0 ? previous : compilation;
    }
}
