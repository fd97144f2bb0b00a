using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Running;

/// <summary>Hears how a run goes on.</summary>
internal interface IRunProgress
{
    /// <summary>A cell starts.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="cell">Number among the code cells, from 1.</param>
    /// <param name="cells">Number of code cells.</param>
    void Starts(Notebook notebook, int cell, int cells);

    /// <summary>A notebook is done.</summary>
    void Ends(NotebookResult result);
}
