using System.CommandLine;
using UniPo.Cli.Files;
using UniPo.Cli.Pages;
using UniPo.Cli.Terminal;
using UniPo.Interactive;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo view</c>: shows logs of any trainer as text, or as one page that can be explored.</summary>
internal static class ViewCommand
{
    private static readonly Argument<string[]> _logs = new("logs")
    {
        Description =
            "Logs of UniPo, UNIPO, TRL, verl, OpenRLHF, NeMo-RL, prime-rl, open-instruct, slime, LLaMA-Factory, wandb or TensorBoard, recognised by content; a folder of them becomes a comparison.",
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
    private static readonly Option<int?> _prompt = new("--prompt")
    {
        Description = "With --step, in rollout files: the first prompt that is shown, from 0; four are shown at a time.",
    };
    private static readonly Option<bool> _allTokens = new("--all-tokens")
    {
        Description = "Keeps every token of the logs on the page, whatever its size.",
    };
    private static readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "A tokenizer.json that gives token ids their texts.",
    };
    private static readonly Option<string?> _whatIf = new("--what-if")
    {
        Description =
            "Computes the responses of the log anew under this algorithm, beside what was logged, and names the parts that fit.",
    };
    private static readonly Option<bool> _follow = new("--follow")
    {
        Description = "Shows the log anew whenever it has grown, until Ctrl+C; with --output the page is written anew.",
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
            _prompt,
            _allTokens,
            _tokenizer,
            _whatIf,
            _follow,
            _overwrite,
        };
        command.SetAction(Show);
        return command;
    }

    private static async Task<int> Show(ParseResult parsed, CancellationToken cancellation)
    {
        var paths = parsed.GetValue(_logs)!;
        if (parsed.GetValue(_output) is { } file)
        {
            if (string.IsNullOrWhiteSpace(file))
                throw new UsageException("--output must name a file, for instance explorer.html.");
            if (paths.Any(p => p.Length > 0 && Path.GetFullPath(p) == Path.GetFullPath(file)))
                throw new UsageException($"--output {file}: this would overwrite the log.");
        }
        if (parsed.GetValue(_prompt) is < 0 and var prompt)
            throw new UsageException($"--prompt {prompt}: prompts are counted from 0, for instance --prompt 4.");
        if (!parsed.GetValue(_follow))
            return ShowOnce(parsed, paths);
        await LogFollower.Follow(paths, () => ShowOnce(parsed, paths), parsed.InvocationConfiguration.Error, cancellation);
        return ExitCode.Success;
    }

    private static int ShowOnce(ParseResult parsed, string[] paths)
    {
        var logs = LogFiles.Read(paths, LogFiles.Options(parsed.GetValue(_tokenizer)));
        NamedRun[] runs = [.. logs.SelectMany(l => l.Runs.Select((r, i) => new NamedRun(Name(l, i), r)))];
        var step = parsed.GetValue(_step);
        if (step is not null)
            _ = StepOf(runs[0].Run, step.Value, logs[0].Path);
        if (parsed.GetValue(_output) is not { } file)
        {
            if (parsed.GetValue(_allTokens))
                throw new UsageException("--all-tokens: only a page holds all tokens; say --output explorer.html, too.");
            Write(logs, runs, step, parsed);
            return ExitCode.Success;
        }

        OutputFile.Check("--output", file, parsed.GetValue(_overwrite), paths);
        OutputFile.Write(
            file,
            RunPage.Write(runs, step, parsed.GetValue(_allTokens), [.. logs.Where(l => l.Format != LogFormat.RunLog)])
        );
        parsed.InvocationConfiguration.Output.WriteLine($"Open {file}");
        return ExitCode.Success;
    }

    private static string Name(TrainerLog log, int run) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(log.Path)) + (log.Runs.Count > 1 ? $", run {run + 1}" : "");

    private static void Write(IReadOnlyList<TrainerLog> logs, NamedRun[] runs, int? step, ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        foreach (var log in logs.Where(l => l.Format != LogFormat.RunLog))
        {
            output.WriteLine(
                TerminalLines.Of($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(log.Path))}: {log.Recognised}")
            );
            foreach (var note in log.Notes)
                output.WriteLine(TerminalLines.Of("  " + note));
        }
        output.WriteLine(runs.Length == 1 ? runs[0].Run.Curves() : runs.Select(r => r.Run).Curves());
        if (parsed.GetValue(_whatIf) is { } algorithm)
            foreach (var log in logs)
                output.WriteLine(TerminalLines.Of(log.WhatIf(Named(algorithm)).ToString()));
        if (step is not { } number)
            return;
        if (logs[0].Rollouts is { } archive)
            output.WriteLine(Page(archive, number, parsed).Tokens());
        else
            output.WriteLine(
                StepOf(runs[0].Run, number, logs[0].Path).Report?.Tokens()
                    ?? throw new UsageException(
                        $"--step {number}: {logs[0].Path} holds no tokens of this step (see --log-prompts of train)."
                    )
            );
    }

    private static Objective Named(string algorithm)
    {
        try
        {
            return Algorithms.Named(algorithm);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException($"--what-if {algorithm}: {fault.Message}");
        }
    }

    private static RolloutBatch Page(RolloutArchive archive, int step, ParseResult parsed)
    {
        var first = parsed.GetValue(_prompt) ?? 0;
        return first >= 0 && first < archive.Prompts(step)
            ? archive.Page(step, first, texts: LogFiles.Options(parsed.GetValue(_tokenizer)).Tokenizer).Batch
            : throw new UsageException($"--prompt {first}: step {step} has the prompts 0 to {archive.Prompts(step) - 1}.");
    }

    private static TrainingStep StepOf(TrainingRun run, int number, string path) =>
        run.Steps.FirstOrDefault(s => s.Step == number)
        ?? throw new UsageException($"--step {number}: {path} has the steps {run.Steps[0].Step} to {run.Steps[^1].Step}.");
}
