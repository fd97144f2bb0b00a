using Microsoft.CodeAnalysis.CSharp;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Exporting;

/// <summary>A code cell on its way into a program.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Compilation">The cell compiled in the chain; null when it does not compile and is meant not to.</param>
internal sealed record ExportedCell(NotebookCell Cell, CSharpCompilation? Compilation);
