using UniPo.Cli.Notebooks;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Running;

/// <summary>Gives the parameters of a command line to the notebooks that have them.</summary>
internal static class ParameterSetter
{
    private const string Quick = "quick";

    /// <summary>Splits <c>name=value</c>.</summary>
    /// <exception cref="UsageException">There is no equals sign, or no name before it.</exception>
    public static KeyValuePair<string, string> Split(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new UsageException($"--param {text}: write --param name=value.");
        return new(text[..equals].Trim(), text[(equals + 1)..]);
    }

    /// <summary>Sets every value in every notebook that declares it.</summary>
    /// <exception cref="UsageException">No notebook has a parameter of that name, or the value has the wrong type.</exception>
    public static void Apply(IReadOnlyList<Notebook> notebooks, RunOptions options)
    {
        if (options.Parameters.Count == 0 && !options.Quick)
            return;
        var cellsOf = notebooks.Select(ParameterCell.AllOf).ToList();
        var cells = cellsOf.SelectMany(c => c).ToList();
        foreach (var (name, value) in options.Parameters)
        {
            var having = cellsOf
                .Select(c => c.LastOrDefault(cell => cell.Parameter(name) is not null))
                .OfType<ParameterCell>()
                .ToList();
            if (having.Count == 0)
                throw Unknown(name, notebooks, cells);
            foreach (var cell in having)
                cell.Set(cell.Parameter(name)!, value);
        }

        if (!options.Quick)
            return;
        foreach (
            var cell in cellsOf.Select(c => c.LastOrDefault(cell => cell.Parameter(Quick) is not null)).OfType<ParameterCell>()
        )
            if (cell.Parameter(Quick) is { Type: "bool" } quick)
                cell.Set(quick, "true");
    }

    private static UsageException Unknown(string name, IReadOnlyList<Notebook> notebooks, IReadOnlyList<ParameterCell> cells)
    {
        var where = notebooks.Count == 1 ? notebooks[0].Name : "none of the notebooks";
        var verb = notebooks.Count == 1 ? "has no" : "has a";
        var valid = cells.SelectMany(c => c.Parameters).DistinctBy(p => p.ToString()).Select(p => p.ToString()).ToList();
        return new UsageException(
            valid.Count == 0
                ? $"--param {name}: {where} {verb} cell tagged \"parameters\" with values that can be set."
                : $"--param {name}: {where} {verb} parameter of that name.{Nearest.Question(name, cells.SelectMany(c => c.Parameters).Select(p => p.Name))} Valid: {string.Join(", ", valid)}."
        );
    }
}
