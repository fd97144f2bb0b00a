namespace UniPo.Cli.Running;

/// <summary>How notebooks are run.</summary>
internal sealed record RunOptions
{
    /// <summary>Folder of the executed copies.</summary>
    public required string Output { get; init; }

    /// <summary>Values for the cells tagged <c>parameters</c>, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Sets the parameter <c>quick</c> where a notebook has one.</summary>
    public bool Quick { get; init; }

    /// <summary>What one cell may take.</summary>
    public CellLimits Limits { get; init; } = new();

    /// <summary>Takes UniPo from the package feeds, as a host without a build of its own does.</summary>
    public bool FromPackages { get; init; }

    /// <summary>Writes the notebooks with their parameters, but runs nothing.</summary>
    public bool PrepareOnly { get; init; }

    /// <summary>Replaces files that this program did not make.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How many notebooks run at the same time.</summary>
    public int Jobs { get; init; } = 1;
}
