using System.Text.Json.Nodes;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Running;

/// <summary>
/// The outputs that a notebook carries in the repository: written from a real run, and compared with another one.
/// </summary>
/// <remarks>
/// Texts must be equal and numbers equal to 1e-6: training gives the same bits for the same seed, whatever the number of threads and
/// the width of the vectors. Only on another operating system or kind of processor than the stored one, numbers from the first cell
/// that trains on are compared by <see cref="TextComparison.Loose"/>. Times never count.
/// </remarks>
internal static class StoredOutputs
{
    /// <summary>Writes the outputs of executed notebooks into the originals; everything else of them stays as it is.</summary>
    /// <exception cref="UsageException">A notebook failed: outputs of half a run are not stored.</exception>
    public static void Write(IReadOnlyList<NotebookResult> results)
    {
        if (results.FirstOrDefault(r => !r.Passed) is { } failed)
            throw new UsageException($"--store: {failed.RelativePath} failed, so nothing was stored.");
        if (results.FirstOrDefault(r => DibText.Is(r.Notebook.Path)) is { } dib)
            throw new UsageException($"--store: {dib.Notebook.Name} cannot hold outputs; only .ipynb files can.");
        foreach (var result in results)
        {
            var original = Notebook.Read(result.Notebook.Path);
            foreach (var (to, from) in original.Cells.Zip(result.Notebook.Cells).Where(pair => pair.First.IsCode))
            {
                to.Outputs = (JsonArray)from.Outputs.DeepClone();
                to.ExecutionCount = from.ExecutionCount;
            }

            original.Stored = new StoredRun(StoredRun.CodeOf(original), StoredRun.ThisPlatform);
            original.WriteOriginal();
        }
    }

    /// <summary>
    /// What an executed notebook shows otherwise than its original, one line for each cell; empty when all is alike.
    /// </summary>
    public static IEnumerable<string> Differences(NotebookResult result)
    {
        var original = Notebook.Read(result.Notebook.Path);
        if (original.Stored is { } run && run.Code != StoredRun.CodeOf(original))
            yield return $"{result.RelativePath}: the code was changed after its outputs were stored.";
        var (elsewhere, trains) = (original.Stored?.Platform != StoredRun.ThisPlatform, false);
        foreach (var (stored, fresh) in original.Cells.Zip(result.Notebook.Cells))
        {
            if (!stored.IsCode)
                continue;
            trains |= Trains(stored.Source);
            var comparison = trains && elsewhere ? TextComparison.Loose : TextComparison.Exact;
            if (Fault(stored, fresh, comparison) is { } fault)
                yield return $"{result.RelativePath}, cell {stored.Number}: {fault}";
        }
    }

    private static string? Fault(NotebookCell stored, NotebookCell fresh, TextComparison comparison)
    {
        string[] before = [.. stored.Outputs.Select(o => Text(o!))],
            after = [.. fresh.Outputs.Select(o => Text(o!))];
        if (before.Length != after.Length)
            return $"{before.Length} outputs are stored, but it shows {after.Length}.";
        return before.Zip(after, comparison.Fault).FirstOrDefault(fault => fault is not null);
    }

    private static bool Trains(string source) =>
        source.Contains(".Train(", StringComparison.Ordinal) || source.Contains("GradientNoise.", StringComparison.Ordinal);

    private static string Text(JsonNode output) =>
        NotebookText.Join(output["text"] ?? output["data"]?["text/plain"] ?? output["evalue"]);
}
