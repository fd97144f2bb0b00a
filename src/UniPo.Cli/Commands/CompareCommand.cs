using System.CommandLine;
using UniPo.Cli.Pages;
using UniPo.Cli.Training;
using UniPo.Interactive;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo compare</c>: the same training with several algorithms, over several seeds.</summary>
internal static class CompareCommand
{
    private static readonly Option<string[]> _algorithms = new("--algorithm") { Description = "One or more of " + string.Join(", ", AlgorithmNames.All) + ".", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["grpo", "reinforce"] };
    private static readonly Option<int> _seeds = new("--seeds") { Description = "Seeds 1, 2, … of each algorithm.", DefaultValueFactory = _ => 5 };
    private static readonly Option<string?> _output = new("--output") { Description = "Folder of the run logs and the page; artifacts/compare/TASK if not given." };

    public static Command Create()
    {
        var command = new Command("compare", "Trains with several algorithms over several seeds; runs that are in the folder already are not repeated.") { _algorithms, _seeds, _output };
        TrainingOptionSet.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Compare(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Compare(ParseResult parsed, CancellationToken cancellationToken)
    {
        var names = parsed.GetValue(_algorithms)!.SelectMany(a => a.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();
        var seeds = parsed.AtLeast(_seeds, 1);
        var steps = parsed.AtLeast(TrainingOptionSet.Steps, 1);
        var folder = parsed.GetValue(_output) ?? Path.Combine("artifacts", "compare", parsed.GetValue(TrainingOptionSet.Task)!);
        var output = parsed.InvocationConfiguration.Output;

        // All names and values are checked before the first run starts.
        var requests = names.SelectMany(name => Enumerable.Range(1, seeds).Select(seed => TrainingOptionSet.Read(parsed, name, (ulong)seed))).ToList();
        foreach (var request in requests.DistinctBy(r => r.Algorithm)) request.Prepare();
        Directory.CreateDirectory(folder);
        List<TrainingRun> runs = [];
        foreach (var request in requests)
        {
            var run = RecordedRun.GetOrTrain(request, steps, Path.Combine(folder, $"{request.Algorithm}-{request.Seed}.jsonl"), output, cancellationToken);
            if (run.Stopped is not null) return ExitCode.Cancelled;
            runs.Add(run);
        }

        ComparisonTable.Write(runs, output);
        var page = Path.Combine(folder, "index.html");
        File.WriteAllText(page, ViewPage.Write($"{string.Join(", ", names)} on {requests[0].Task}", [runs.Curves()]));
        output.WriteLine($"Open {page}");
        return ExitCode.Success;
    }
}
