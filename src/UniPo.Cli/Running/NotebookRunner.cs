using System.Diagnostics;
using System.Globalization;
using UniPo.Cli.Hosting;
using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Running;

/// <summary>Runs one notebook top to bottom in a fresh process and keeps its copy up to date after every cell.</summary>
/// <param name="notebook">The notebook; its cells get the outputs.</param>
/// <param name="copy">Where the executed copy goes.</param>
/// <param name="limits">What one cell may take.</param>
/// <param name="progress">Hears of every cell that starts.</param>
internal sealed class NotebookRunner(Notebook notebook, string copy, CellLimits limits, IRunProgress progress)
{
    private int _executionCount;

    /// <summary>Runs all cells; stops at the first that fails.</summary>
    /// <param name="process">A fresh process; it is gone afterwards.</param>
    /// <param name="cancellationToken">Stops the cell that runs.</param>
    public async Task<IReadOnlyList<CellResult>> Run(CellProcess process, CancellationToken cancellationToken)
    {
        await using var ended = process;
        var cells = notebook.Cells.Where(c => c.IsCode).ToList();
        foreach (var cell in cells.Where(c => !c.Has(CellTag.SkipExecution)))
        {
            cell.Outputs = [];
            cell.ExecutionCount = null;
        }

        await process.WaitUntilReady(cancellationToken);
        List<CellResult> results = [];
        foreach (var cell in cells)
        {
            progress.Starts(notebook, results.Count + 1, cells.Count);
            results.Add(
                results.Exists(r => r.Outcome == CellOutcome.Failed)
                    ? new CellResult(cell, CellOutcome.NotReached, TimeSpan.Zero)
                    : await RunCell(process, cell, cancellationToken)
            );
        }

        return results;
    }

    private async Task<CellResult> RunCell(CellProcess process, NotebookCell cell, CancellationToken cancellationToken)
    {
        if (cell.Has(CellTag.SkipExecution))
            return new CellResult(cell, CellOutcome.Skipped, TimeSpan.Zero);
        var clock = Stopwatch.StartNew();
        var outputs = new OutputList(cell, ++_executionCount, limits);
        CellFault? fault;
        try
        {
            fault = await Converse(process, cell, outputs, cancellationToken);
        }
        finally
        {
            // Also when the run is cancelled: what the cell showed so far is kept.
            outputs.Store();
            notebook.WriteCopy(copy);
        }

        var survives = fault is null || (fault.IsOfCell && cell.Has(CellTag.RaisesException));
        return new CellResult(
            cell,
            survives ? CellOutcome.Passed : CellOutcome.Failed,
            clock.Elapsed,
            survives ? null : fault!.Sentence
        );
    }

    /// <summary>Sends the cell and listens until it is done, its time is up, or its process is gone.</summary>
    private async Task<CellFault?> Converse(
        CellProcess process,
        NotebookCell cell,
        OutputList outputs,
        CancellationToken cancellationToken
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limits.Time);
        await using var watch = new MemoryWatch(process, limits.MemoryBytes);
        CellFault? fault = null;
        try
        {
            await process.Send(new CellRequest(cell.Number, cell.Source, limits.OutputCharacters), timeout.Token);
            await foreach (var message in process.Messages(timeout.Token))
            {
                if (message is CellEnded)
                {
                    foreach (var line in process.TakeStrayLines())
                        outputs.Add(new StreamText("stderr", line + "\n"));
                    return fault;
                }

                outputs.Add(message);
                if (message is Failed failed)
                    fault = new CellFault(SentenceOf(failed), IsOfCell: true);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            var sentence = string.Create(
                CultureInfo.InvariantCulture,
                $"Cell {cell.Number} was stopped after {limits.Time.TotalSeconds:0.#} s, the time a cell may take (--timeout)."
            );
            return End(outputs, "TimeoutException", sentence, []);
        }
        catch (IOException)
        {
            // The pipe broke while the cell was sent: the process is gone, and its exit code says how.
        }

        if (watch.Found is { } bytes)
            return End(outputs, "MemoryException", TooMuchMemory(cell, bytes), []);
        var last = $"The notebook's process ended with exit code {process.WaitForExit()} while cell {cell.Number} was running.";
        return End(outputs, "ProcessEnded", last, CrashText.Readable(process.TakeStrayLines()));
    }

    private string TooMuchMemory(NotebookCell cell, long bytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Cell {cell.Number} was stopped: the notebook took {bytes >> 20} MB of memory, and {limits.MemoryBytes >> 20} MB are allowed (--max-memory)."
        );

    private static CellFault End(OutputList outputs, string name, string sentence, IReadOnlyList<string> details)
    {
        outputs.Add(new Failed(name, sentence, [$"{name}: {sentence}", .. details]));
        return new CellFault(sentence, IsOfCell: false);
    }

    private static string SentenceOf(Failed failed) =>
        failed.Trace.Count > 0 && failed.Name == "CompilationError" ? failed.Message : $"{failed.Name}: {failed.Message}";

    /// <param name="Sentence">What happened.</param>
    /// <param name="IsOfCell">True when the cell itself failed and the process lives on.</param>
    private sealed record CellFault(string Sentence, bool IsOfCell);
}
