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
    /// <param name="path">A notebook or a folder. Links in it are followed, and every real file is taken once.</param>
    /// <param name="output">The folder of executed copies: it is passed over when it lies inside.</param>
    /// <exception cref="UsageException">There is none, one cannot be read, or two would have the same copy.</exception>
    public static IReadOnlyList<NotebookFile> Find(string path, string output)
    {
        if (!Directory.Exists(path))
            return File.Exists(path)
                ? [FileOf(path, Path.GetFileName(path))]
                : throw new UsageException($"{path}: there is no such file or folder.");
        var files = Files(path, FilePlace.Real(output) == FilePlace.Real(path) ? [] : [FilePlace.Real(output)])
            .DistinctBy(FilePlace.Real)
            .Select(file => FileOf(file, Path.GetRelativePath(path, file)))
            .ToList();
        if (files.GroupBy(f => f.RelativePath).FirstOrDefault(same => same.Count() > 1) is { } twins)
            throw new UsageException(
                $"{string.Join(" and ", twins.Select(f => f.Notebook.Name))}: both would be written as {twins.Key}; rename one of them."
            );
        return files.Count > 0
            ? files
            : throw new UsageException($"{path}: there is no notebook (*.ipynb, *.dib) in this folder.");
    }

    private static NotebookFile FileOf(string path, string relativePath) =>
        new(Notebook.Read(path), Path.ChangeExtension(relativePath, ".ipynb"));

    private static IEnumerable<string> Files(string folder, HashSet<string> seen)
    {
        // A link may lead up again, or to a folder that is there anyway.
        if (!seen.Add(FilePlace.Real(folder)))
            yield break;
        foreach (var file in Directory.GetFiles(folder).Where(IsNotebook).Order(StringComparer.Ordinal))
            yield return file;
        foreach (var inner in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(inner);
            if (name.StartsWith('.') || _passedOver.Contains(name))
                continue;
            foreach (var file in Files(inner, seen))
                yield return file;
        }
    }

    private static bool IsNotebook(string path) => Path.GetExtension(path) is ".ipynb" or ".dib";
}
