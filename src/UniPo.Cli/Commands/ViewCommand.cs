using System.CommandLine;
using UniPo.Cli.Pages;
using UniPo.Interactive;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo view</c>: shows run logs as text, or as a page.</summary>
internal static class ViewCommand
{
    private static readonly Argument<string[]> _logs = new("logs") { Description = "Run logs (JSONL); seeds of one algorithm become one curve with a band.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> _html = new("--html") { Description = "Writes a page to this file in place of text." };
    private static readonly Option<int?> _step = new("--step") { Description = "Also shows the tokens of this step, if the log has them." };

    public static Command Create()
    {
        var command = new Command("view", "Shows run logs: learning curves, and the tokens of a step.") { _logs, _html, _step };
        command.SetAction(Show);
        return command;
    }

    private static int Show(ParseResult parsed)
    {
        var paths = parsed.GetValue(_logs)!;
        var runs = paths.Select(Read).ToList();
        List<View> views = [runs.Count == 1 ? runs[0].Curves() : runs.Curves()];
        if (parsed.GetValue(_step) is { } step) views.Add(TokensOf(runs[0], step, paths[0]));

        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_html) is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(file, ViewPage.Write(string.Join(", ", runs.Select(r => $"{r.Header.Algorithm} on {r.Header.Task}").Distinct()), views));
            output.WriteLine($"Open {file}");
        }
        else
        {
            foreach (var view in views) output.WriteLine(view);
        }

        return ExitCode.Success;
    }

    private static TrainingRun Read(string path)
    {
        if (!File.Exists(path)) throw new UsageException($"{path}: there is no such file.");
        try
        {
            return RunLog.Read(path);
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static TokenTable TokensOf(TrainingRun run, int number, string path)
    {
        var step = run.Steps.FirstOrDefault(s => s.Step == number)
            ?? throw new UsageException($"--step {number}: {path} has the steps {run.Steps.FirstOrDefault()?.Step} to {run.Steps.LastOrDefault()?.Step}.");
        return step.Report?.Tokens() ?? throw new UsageException($"--step {number}: {path} holds no tokens of this step (see --log-prompts of train).");
    }
}
