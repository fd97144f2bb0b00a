using System.CommandLine;
using Spectre.Console;
using UniPo.Cli.Pages;
using UniPo.Cli.Reports;
using UniPo.Cli.Running;

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
    private static readonly Option<bool> _quick = new("--quick")
    {
        Description = "Sets the parameter quick to true where a notebook has one.",
    };
    private static readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Seconds one cell may take.",
        DefaultValueFactory = _ => 600,
    };
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
    private static readonly Option<int> _jobs = new("--jobs")
    {
        Description = "How many notebooks run at the same time.",
        DefaultValueFactory = _ => 1,
    };

    public static Command Create()
    {
        var command = new Command("run", "Runs C# notebooks, each in a fresh process, and writes executed copies.")
        {
            _path,
            _parameters,
            _output,
            _html,
            _quick,
            _timeout,
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
        var output = parsed.InvocationConfiguration.Output;
        var results =
            ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
                ? await SpectreProgress.Show(AnsiConsole.Console, files, Run)
                : await Run(new PlainProgress(output));

        if (parsed.GetValue(_report) is { } format)
            WriteReport(results, format, options.Output);
        if (parsed.GetValue(_html))
            output.WriteLine($"Open {PageSet.Write(results, options.Output)}");
        List<string> differences = parsed.GetValue(_compare) ? [.. results.SelectMany(StoredOutputs.Differences)] : [];
        foreach (var difference in differences)
            output.WriteLine(difference);
        if (parsed.GetValue(_store))
            StoredOutputs.Write(results);
        return results.All(r => r.Passed) && differences.Count == 0 ? ExitCode.Success : ExitCode.Failure;

        Task<IReadOnlyList<NotebookResult>> Run(IRunProgress progress) =>
            new NotebookBatch(files, options, progress).Run(cancellationToken);
    }

    private static void WriteReport(IReadOnlyList<NotebookResult> results, string format, string folder)
    {
        var path = Path.Combine(folder, "report." + format);
        if (format == "trx")
            TrxReport.Write(results, path);
        else
            JsonReport.Write(results, path);
    }

    private static RunOptions Read(ParseResult parsed)
    {
        var timeout = parsed.GetValue(_timeout);
        if (!(timeout > 0 && timeout <= 86400))
            throw new UsageException($"--timeout must lie in (0, 86400] seconds, but was {timeout}.");
        var jobs = parsed.GetValue(_jobs);
        if (jobs is < 1 or > 64)
            throw new UsageException($"--jobs must lie in [1, 64], but was {jobs}.");
        return new RunOptions
        {
            Output = parsed.GetValue(_output)!,
            Parameters = [.. (parsed.GetValue(_parameters) ?? []).Select(ParameterSetter.Split)],
            Quick = parsed.GetValue(_quick),
            CellTimeout = TimeSpan.FromSeconds(timeout),
            FromPackages = parsed.GetValue(_packages),
            PrepareOnly = parsed.GetValue(_prepare),
            Jobs = jobs,
        };
    }
}
