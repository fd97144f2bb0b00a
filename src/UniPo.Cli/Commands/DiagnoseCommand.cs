using System.CommandLine;
using UniPo.Cli.Pages;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo diagnose</c>: checks a run against the questions that are asked most.</summary>
internal static class DiagnoseCommand
{
    private static readonly Argument<string[]> _logs = new("logs")
    {
        Description = "Logs of any trainer that unipo view reads.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string?> _output = new("--output")
    {
        Description = "Writes one self-contained page to this file.",
    };
    private static readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "A tokenizer.json that gives token ids their texts.",
    };

    public static Command Create()
    {
        var command = new Command(
            "diagnose",
            "Checks runs: silent groups, entropy, clipping, KL, lengths, sampler mismatch, reward; each with numbers, threshold, meaning and what to try."
        )
        {
            _logs,
            _output,
            _tokenizer,
        };
        command.SetAction(Diagnose);
        return command;
    }

    private static int Diagnose(ParseResult parsed)
    {
        var paths = parsed.GetValue(_logs)!;
        var file = parsed.GetValue(_output);
        if (file is not null && string.IsNullOrWhiteSpace(file))
            throw new UsageException("--output must name a file, for instance diagnosis.html.");
        if (file is not null && paths.Any(p => p.Length > 0 && Path.GetFullPath(p) == Path.GetFullPath(file)))
            throw new UsageException($"--output {file}: this would overwrite the log.");
        var logs = LogFiles.Read(paths, LogFiles.Options(parsed.GetValue(_tokenizer)));
        DiagnosisReport[] reports = [.. logs.Select(Diagnosis.Of)];
        var output = parsed.InvocationConfiguration.Output;
        if (file is null)
            foreach (var report in reports)
                output.WriteLine(TerminalLines.Of(report.ToString()));
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            PageFile.Write(file, DiagnosisPage.Write(reports));
            foreach (var report in reports)
                output.WriteLine(TerminalLines.Of($"{report.Subject}\n{report.Summary}"));
            output.WriteLine($"Open {file}");
        }
        return ExitCode.Success;
    }
}
