namespace UniPo.Cli.Notebooks;

/// <summary>Tags with a meaning for the runner; the names are those of papermill and nbclient.</summary>
internal static class CellTag
{
    /// <summary>The cell whose declarations <c>--param</c> may change.</summary>
    public const string Parameters = "parameters";

    /// <summary>A cell with values that papermill has put below the one tagged <c>parameters</c>.</summary>
    public const string InjectedParameters = "injected-parameters";

    /// <summary>The cell is meant to throw: its error is kept, the run goes on.</summary>
    public const string RaisesException = "raises-exception";

    /// <summary>The cell is left as it is.</summary>
    public const string SkipExecution = "skip-execution";
}
