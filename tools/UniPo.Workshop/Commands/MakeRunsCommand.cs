using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using UniPo.Cli;
using UniPo.Cli.Commands;
using UniPo.Cli.Training;
using UniPo.Workshop.Runs;

namespace UniPo.Workshop.Commands;

/// <summary><c>workshop make-runs</c>: trains the recorded runs of the lessons anew.</summary>
internal static class MakeRunsCommand
{
    private static readonly Option<string> _output = new("--output")
    {
        Description = "Folder of the .jsonl files.",
        DefaultValueFactory = _ => Path.Combine("data", "runs"),
    };
    private static readonly Option<string[]> _tasks = new("--task")
    {
        Description = "One of the tasks; may be repeated. All if not given.",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string[]> _algorithms = new("--algorithm")
    {
        Description = "One of the algorithms; may be repeated. All if not given.",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<int> _seeds = new("--seeds")
    {
        Description = "Seeds 1, 2, … of each.",
        DefaultValueFactory = _ => 5,
    };

    public static Command Create()
    {
        var command = new Command(
            "make-runs",
            "Trains the recorded runs of the lessons anew (several minutes in all) and writes them."
        )
        {
            _output,
            _tasks,
            _algorithms,
            _seeds,
        };
        _tasks.AcceptOnlyFromAmong([.. StoredRuns.Tasks]);
        _algorithms.AcceptOnlyFromAmong([.. StoredRuns.Objectives.Select(AlgorithmNames.Of)]);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (folder, output) = (parsed.GetRequiredValue(_output), parsed.InvocationConfiguration.Output);
        var (tasks, algorithms) = (parsed.GetRequiredValue(_tasks), parsed.GetRequiredValue(_algorithms));
        var seeds = parsed.AtLeast(_seeds, 1);
        Directory.CreateDirectory(folder);
        foreach (var task in StoredRuns.Tasks.Where(t => tasks.Length == 0 || tasks.Contains(t)))
        foreach (
            var objective in StoredRuns.Objectives.Where(o => algorithms.Length == 0 || algorithms.Contains(AlgorithmNames.Of(o)))
        )
        foreach (var run in StoredRuns.Train(task, objective, seeds, cancellationToken).Runs)
            output.WriteLine(Write(run, Path.Combine(folder, StoredRuns.FileName(task, objective, run.Header.Seed))));
        return ExitCode.Success;
    }

    private static string Write(TrainingRun run, string path)
    {
        StoredRuns.Write(path, run);
        var bytes = File.ReadAllBytes(path);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {Path.GetFileName(path)}  {bytes.Length} bytes, held-out accuracy {run.After!.ExactProbability:0.000}"
        );
    }
}
