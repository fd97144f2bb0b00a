using System.CommandLine;
using UniPo.Cli.Files;
using UniPo.Cli.Pages;
using UniPo.Interactive;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo view</c>: shows run logs as text, or as one page that can be explored.</summary>
internal static class ViewCommand
{
    private static readonly Argument<string[]> _logs = new("logs")
    {
        Description =
            "Run logs of UniPo (JSONL) or of UNIPO (JSONL or JSON); seeds of one algorithm become one curve with a band.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string?> _output = new("--output")
    {
        Description = "Writes one self-contained page to this file: an explorer of each run, and their curves together.",
    };
    private static readonly Option<int?> _step = new("--step")
    {
        Description = "The step whose tokens are shown first; without it a page opens at the last step that has tokens.",
    };
    private static readonly Option<bool> _allTokens = new("--all-tokens")
    {
        Description = "Keeps every token of the logs on the page, whatever its size.",
    };

    private static readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replaces a file that unipo did not make, or that was changed since.",
    };

    public static Command Create()
    {
        var command = new Command(
            "view",
            "Shows run logs: as text, or with --output as a page from learning curves down to single tokens."
        )
        {
            _logs,
            _output,
            _step,
            _allTokens,
            _overwrite,
        };
        command.SetAction(Show);
        return command;
    }

    private static int Show(ParseResult parsed)
    {
        var paths = parsed.GetValue(_logs)!;
        var runs = paths.Select(Read).ToList();
        var step = parsed.GetValue(_step);
        if (step is not null)
            _ = StepOf(runs[0], step.Value, paths[0]);
        if (parsed.GetValue(_output) is not { } file)
        {
            if (parsed.GetValue(_allTokens))
                throw new UsageException("--all-tokens: only a page holds all tokens; say --output explorer.html, too.");
            Write(runs, step, paths[0], parsed.InvocationConfiguration.Output);
            return ExitCode.Success;
        }

        OutputFile.Check("--output", file, parsed.GetValue(_overwrite), paths);
        OutputFile.Write(
            file,
            RunPage.Write(
                [.. paths.Zip(runs, (path, run) => new NamedRun(Path.GetFileName(path), run))],
                step,
                parsed.GetValue(_allTokens)
            )
        );
        parsed.InvocationConfiguration.Output.WriteLine($"Open {file}");
        return ExitCode.Success;
    }

    private static void Write(List<TrainingRun> runs, int? step, string path, TextWriter output)
    {
        output.WriteLine(runs.Count == 1 ? runs[0].Curves() : runs.Curves());
        if (step is { } number)
            output.WriteLine(
                StepOf(runs[0], number, path).Report?.Tokens()
                    ?? throw new UsageException(
                        $"--step {number}: {path} holds no tokens of this step (see --log-prompts of train)."
                    )
            );
    }

    private static TrainingRun Read(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException(
                $"{path}: this is a folder; name the logs in it, for instance {Path.Combine(path, "*.jsonl")}."
            );
        if (!File.Exists(path))
            throw new UsageException($"{path}: there is no such file.");
        if (new FileInfo(path).Length == 0)
            throw new UsageException($"{path}: the file is empty.");
        try
        {
            var run = RunLog.Read(path);
            return run.Steps.Count > 0
                ? run
                : throw new UsageException($"{path}: the log holds a header and no steps, so there is nothing to show.");
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static TrainingStep StepOf(TrainingRun run, int number, string path) =>
        run.Steps.FirstOrDefault(s => s.Step == number)
        ?? throw new UsageException($"--step {number}: {path} has the steps {run.Steps[0].Step} to {run.Steps[^1].Step}.");
}
