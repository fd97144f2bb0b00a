using UniPo.Cli.Notebooks;
using UniPo.Cli.Running;

namespace UniPo.Cli.Pages;

/// <summary>Renews the page of each notebook as soon as it is done.</summary>
internal sealed class PageProgress(IRunProgress inner, PageSet pages) : IRunProgress
{
    public void Starts(Notebook notebook, int cell, int cells) => inner.Starts(notebook, cell, cells);

    public void Ends(NotebookResult result)
    {
        pages.Replace(result);
        inner.Ends(result);
    }
}
