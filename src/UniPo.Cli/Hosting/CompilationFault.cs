using System.Globalization;
using Microsoft.CodeAnalysis;

namespace UniPo.Cli.Hosting;

/// <summary>Makes compiler errors readable: cell, line, the line itself, and a mark under the place.</summary>
internal static class CompilationFault
{
    private const int MostShown = 10;

    /// <summary>The exception that tells these errors.</summary>
    public static CellFaultException Of(IEnumerable<Diagnostic> faults, SyntaxTree tree, int cell)
    {
        var errors = faults.OrderBy(d => d.Location.SourceSpan.Start).ToList();
        List<string> trace = [.. errors.Take(MostShown).SelectMany(e => Describe(e, tree, cell))];
        if (errors.Count > MostShown)
            trace.Add($"… and {errors.Count - MostShown} more errors.");
        return new CellFaultException(Sentence(errors[0], cell), trace);
    }

    private static IEnumerable<string> Describe(Diagnostic error, SyntaxTree tree, int cell)
    {
        yield return Sentence(error, cell);
        if (error.Location.SourceTree != tree)
            yield break;
        var span = error.Location.GetLineSpan().Span;
        var line = tree.GetText().Lines[span.Start.Line].ToString();
        yield return "    " + line;
        var end = span.End.Line == span.Start.Line ? span.End.Character : line.Length;
        yield return "    " + new string(' ', span.Start.Character) + new string('^', Math.Max(1, end - span.Start.Character));
    }

    private static string Sentence(Diagnostic error, int cell)
    {
        var place = error.Location.GetLineSpan().StartLinePosition;
        var where = error.Location.IsInSource
            ? $"cell {cell}, line {place.Line + 1}, column {place.Character + 1}"
            : $"cell {cell}";
        return $"{where}: error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}";
    }
}
