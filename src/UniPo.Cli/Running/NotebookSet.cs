using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Running;

/// <summary>A notebook to run, and its path relative to the folder that was named.</summary>
internal sealed record NotebookFile(Notebook Notebook, string RelativePath);

/// <summary>Finds the notebooks that a path on a command line means.</summary>
internal static class NotebookSet
{
    // Solutions spoil the exercises; they run when they are named.
    private static readonly string[] _passedOver = ["solutions", "bin", "obj", "artifacts", "node_modules"];

    /// <summary>The notebook itself, or those of a folder and its sub-folders in the order of their names.</summary>
    /// <param name="path">A notebook or a folder.</param>
    /// <param name="output">The folder of executed copies: it is passed over when it lies inside.</param>
    /// <exception cref="UsageException">There is none, or one cannot be read.</exception>
    public static IReadOnlyList<NotebookFile> Find(string path, string output)
    {
        if (File.Exists(path))
            return [new NotebookFile(Notebook.Read(path), Path.GetFileName(path))];
        if (!Directory.Exists(path))
            throw new UsageException($"{path}: there is no such file or folder.");
        var files = Files(path, Path.GetFullPath(output))
            .Select(file => new NotebookFile(Notebook.Read(file), Path.GetRelativePath(path, file)))
            .ToList();
        return files.Count > 0 ? files : throw new UsageException($"{path}: there is no notebook (*.ipynb) in this folder.");
    }

    private static IEnumerable<string> Files(string folder, string output)
    {
        foreach (var file in Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal))
            yield return file;
        foreach (var inner in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(inner);
            if (name.StartsWith('.') || _passedOver.Contains(name) || Path.GetFullPath(inner) == output)
                continue;
            foreach (var file in Files(inner, output))
                yield return file;
        }
    }
}
