namespace UniPo.Cli.Running;

/// <summary>What a run is about to do, said before it starts.</summary>
internal static class RunAnnouncement
{
    /// <summary>Writes one line.</summary>
    public static void Write(IReadOnlyList<NotebookFile> files, RunOptions options, TextWriter output)
    {
        var what = files.Count == 1 ? files[0].Notebook.Name : $"{files.Count} notebooks";
        output.WriteLine(
            options.PrepareOnly
                ? $"Writing {what} to {options.Output}; nothing is run."
                : $"Running {what}{(files.Count > 1 ? $", {Math.Min(options.Jobs, files.Count)} at a time" : "")}, with your rights on this machine; copies go to {options.Output}."
        );
        output.Flush();
    }
}
