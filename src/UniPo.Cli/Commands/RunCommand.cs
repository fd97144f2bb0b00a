using System.CommandLine;
using Spectre.Console;
using UniPo.Cli.Files;
using UniPo.Cli.Pages;
using UniPo.Cli.Reports;
using UniPo.Cli.Running;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo run</c>: executes notebooks top to bottom.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> _path = new("path")
    {
        Description = "A notebook, or a folder of notebooks (run in the order of their names; solutions/ only when named).",
    };
    private static readonly Option<string[]> _parameters = new("--param")
    {
        Description = "name=value for the cell tagged parameters; may be repeated.",
    };
    private static readonly Option<string> _output = new("--output")
    {
        Description = "Folder of the executed copies.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "notebooks"),
    };
    private static readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replaces files in the output folder that unipo did not make, or that were changed since.",
    };
    private static readonly Option<bool> _quick = new("--quick")
    {
        Description = "Sets the parameter quick to true where a notebook has one.",
    };
    private static readonly Option<double> _timeout = new Option<double>("--timeout")
    {
        Description = "Seconds one cell may take; then it is ended, with every program that it started.",
        DefaultValueFactory = _ => 600,
    }.InRange(0.001, 86_400);
    private static readonly Option<int> _memory = new Option<int>("--max-memory")
    {
        Description = "Megabytes that a notebook may take, with every program that it started.",
        DefaultValueFactory = _ => 4096,
    }.InRange(64, 1 << 20);
    private static readonly Option<int> _maxOutput = new Option<int>("--max-output")
    {
        Description = "Megabytes of output that are kept of a cell.",
        DefaultValueFactory = _ => 10,
    }.InRange(1, 1024);
    private static readonly Option<bool> _html = new("--html")
    {
        Description = "Also writes a page per notebook, and index.html.",
    };
    private static readonly Option<string?> _report = new("--report")
    {
        Description = "Also writes report.trx or report.json: outcome and time of every cell.",
    };
    private static readonly Option<bool> _prepare = new("--prepare")
    {
        Description = "Writes the notebooks with their parameters, but runs nothing.",
    };
    private static readonly Option<bool> _store = new("--store")
    {
        Description = "Writes the outputs into the notebooks themselves, when all of them pass; nothing else writes there.",
    };
    private static readonly Option<bool> _compare = new("--compare")
    {
        Description =
            "Compares the text of the outputs with those stored in the notebooks, and fails where they say something else.",
    };
    private static readonly Option<bool> _packages = new("--packages")
    {
        Description = "Takes UniPo from the package feeds, as a host does that has only the package, not from this build.",
    };
    private static readonly Option<int> _jobs = new Option<int>("--jobs")
    {
        Description = "How many notebooks run at the same time; one a processor core if not given.",
        DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 1, 64),
    }.InRange(1, 64);

    public static Command Create()
    {
        var command = new Command(
            "run",
            "Runs C# notebooks (.ipynb, .dib), each in a fresh process, and writes executed copies. Running a notebook runs the code in it with your rights on this machine: run only those you trust. To look at another one, use unipo export NOTEBOOK --to html, which runs nothing."
        )
        {
            _path,
            _parameters,
            _output,
            _overwrite,
            _html,
            _quick,
            _timeout,
            _memory,
            _maxOutput,
            _report,
            _prepare,
            _store,
            _compare,
            _packages,
            _jobs,
        };
        _report.AcceptOnlyFromAmong("trx", "json");
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Read(parsed);
        if (
            (parsed.GetValue(_store) || parsed.GetValue(_compare))
            && (options.Quick || options.PrepareOnly || options.Parameters.Count > 0)
        )
            throw new UsageException(
                "--store and --compare: stored outputs are those of the cells as they stand, without --quick, --prepare and --param."
            );
        var files = NotebookSet.Find(parsed.GetRequiredValue(_path), options.Output);
        var batch = new NotebookBatch(files, options);
        batch.Prepare();
        var report = parsed.GetValue(_report) is { } format ? Path.Combine(options.Output, "report." + format) : null;
        if (report is not null)
            OutputFile.Check("--report", report, options.Overwrite);
        var pages = parsed.GetValue(_html) ? new PageSet(files, options.Output) : null;
        pages?.Check(options.Overwrite);

        var output = parsed.InvocationConfiguration.Output;
        RunAnnouncement.Write(files, options, output);
        if (pages is not null)
        {
            pages.WriteStored();
            output.WriteLine($"Open {pages.Index} now: it shows stored outputs; each page is renewed when its notebook has run.");
        }

        var results = TerminalWriter.IsLive(output)
            ? await SpectreProgress.Show(AnsiConsole.Console, files, Run)
            : await Run(new PlainProgress(output));
        if (report is not null)
            WriteReport(results, report);
        if (pages is not null)
            output.WriteLine($"Open {pages.Index}");
        List<string> differences = parsed.GetValue(_compare) ? [.. results.SelectMany(StoredOutputs.Differences)] : [];
        foreach (var difference in differences)
            output.WriteLine(difference);
        if (parsed.GetValue(_store))
            StoredOutputs.Write(results);
        return results.All(r => r.Passed) && differences.Count == 0 ? ExitCode.Success : ExitCode.Failure;

        Task<IReadOnlyList<NotebookResult>> Run(IRunProgress progress) =>
            batch.Run(pages is null ? progress : new PageProgress(progress, pages), cancellationToken);
    }

    private static void WriteReport(IReadOnlyList<NotebookResult> results, string path)
    {
        if (path.EndsWith(".trx", StringComparison.Ordinal))
            TrxReport.Write(results, path);
        else
            JsonReport.Write(results, path);
    }

    private static RunOptions Read(ParseResult parsed)
    {
        return new RunOptions
        {
            Output = parsed.GetValue(_output)!,
            Parameters = [.. (parsed.GetValue(_parameters) ?? []).Select(ParameterSetter.Split)],
            Quick = parsed.GetValue(_quick),
            Limits = new CellLimits
            {
                Time = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
                MemoryBytes = (long)parsed.GetValue(_memory) << 20,
                OutputCharacters = (long)parsed.GetValue(_maxOutput) << 20,
            },
            FromPackages = parsed.GetValue(_packages),
            PrepareOnly = parsed.GetValue(_prepare),
            Overwrite = parsed.GetValue(_overwrite),
            Jobs = parsed.GetValue(_jobs),
        };
    }
}
