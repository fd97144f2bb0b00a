using System.Collections.Concurrent;
using Spectre.Console;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Running;

/// <summary>Progress on a terminal: a bar for all cells, and one for each notebook that runs.</summary>
internal sealed class SpectreProgress : IRunProgress
{
    private readonly IAnsiConsole _console;
    private readonly ProgressContext _context;
    private readonly ProgressTask _all;
    private readonly ConcurrentDictionary<Notebook, ProgressTask> _tasks = [];
    private readonly int _notebooks;
    private int _done;

    private SpectreProgress(IAnsiConsole console, ProgressContext context, IReadOnlyList<NotebookFile> files)
    {
        (_console, _context, _notebooks) = (console, context, files.Count);
        _all = context.AddTask("start", maxValue: Math.Max(1, files.Sum(f => f.Notebook.Cells.Count(c => c.IsCode))));
        DescribeAll();
    }

    /// <summary>Shows the progress of a run while it lasts.</summary>
    public static async Task<T> Show<T>(
        IAnsiConsole console,
        IReadOnlyList<NotebookFile> files,
        Func<IRunProgress, Task<T>> run
    ) =>
        await console
            .Progress()
            .AutoClear(true)
            .Columns(
                new SpinnerColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new ElapsedTimeColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context => run(new SpectreProgress(console, context, files)));

    public void Starts(Notebook notebook, int cell, int cells)
    {
        var task = _tasks.GetOrAdd(
            notebook,
            _ => _context.AddTask(Markup.Escape(TerminalText.Visible(notebook.Name)), maxValue: cells)
        );
        task.Description = $"{Markup.Escape(TerminalText.Visible(notebook.Name))}  cell {cell} of {cells}";
        if (cell > 1)
            Advance(task);
        DescribeAll();
    }

    public void Ends(NotebookResult result)
    {
        Interlocked.Increment(ref _done);
        if (_tasks.TryGetValue(result.Notebook, out var task))
        {
            Advance(task);
            task.StopTask();
        }

        DescribeAll();
        _console.WriteLine(TerminalText.Visible(ResultText.Of(result)));
    }

    private void Advance(ProgressTask task)
    {
        task.Increment(1);
        _all.Increment(1);
    }

    private void DescribeAll() =>
        _all.Description = $"{_done} of {_notebooks} notebooks, {_all.MaxValue - _all.Value:0} cells left";
}
