using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Running;

/// <summary>How a cell ended.</summary>
internal enum CellOutcome
{
    /// <summary>It ran to its end, or threw as its tag says.</summary>
    Passed,

    /// <summary>It did not compile, threw, ran too long, or took its process down.</summary>
    Failed,

    /// <summary>It is tagged <c>skip-execution</c>.</summary>
    Skipped,

    /// <summary>An earlier cell failed.</summary>
    NotReached,
}

/// <summary>One code cell after a run.</summary>
/// <param name="Cell">The cell, with its outputs.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Duration">Wall-clock time.</param>
/// <param name="Fault">The error in one sentence; null when it passed.</param>
internal sealed record CellResult(NotebookCell Cell, CellOutcome Outcome, TimeSpan Duration, string? Fault = null);

/// <summary>One notebook after a run.</summary>
/// <param name="Notebook">The executed copy.</param>
/// <param name="RelativePath">Where it lies below the folder that was run, and where its copy lies below the output
/// folder.</param>
/// <param name="Cells">Its code cells in order.</param>
/// <param name="Duration">Wall-clock time, with what of the start of its process was not done ahead.</param>
internal sealed record NotebookResult(Notebook Notebook, string RelativePath, IReadOnlyList<CellResult> Cells, TimeSpan Duration)
{
    /// <summary>True when it has not run: what it shows are the outputs that came with the file.</summary>
    public bool IsStored { get; init; }

    /// <summary>True when no cell failed.</summary>
    public bool Passed => Cells.All(c => c.Outcome is CellOutcome.Passed or CellOutcome.Skipped);

    /// <summary>The cell that stopped the notebook; null when it passed.</summary>
    public CellResult? Stopped => Cells.FirstOrDefault(c => c.Outcome == CellOutcome.Failed);
}
