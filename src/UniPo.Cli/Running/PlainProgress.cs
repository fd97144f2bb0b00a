using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Running;

/// <summary>Progress for a log file: one line a notebook, and what went wrong below it.</summary>
internal sealed class PlainProgress(TextWriter output) : IRunProgress
{
    public void Starts(Notebook notebook, int cell, int cells)
    {
        // A log needs no line for every cell.
    }

    public void Ends(NotebookResult result)
    {
        lock (output)
            output.WriteLine(ResultText.Of(result));
    }
}
