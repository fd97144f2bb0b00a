using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using UniPo.Cli.Files;
using UniPo.Cli.Pages;
using UniPo.Cli.Terminal;
using UniPo.Cli.Training;
using UniPo.Interactive;
using UniPo.Interactive.Pages;

namespace UniPo.Cli.Commands;

/// <summary>
/// <c>unipo compare</c>: the same training with several algorithms, over several seeds, several runs at a time.
/// </summary>
internal static class CompareCommand
{
    private static readonly Option<string[]> _algorithms = new("--algorithms", "--algorithm")
    {
        Description = "One or more of " + string.Join(", ", AlgorithmNames.All) + ".",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["grpo", "reinforce"],
    };
    private static readonly Option<int> _seeds = new Option<int>("--seeds")
    {
        Description = "Seeds 1, 2, … of each algorithm.",
        DefaultValueFactory = _ => 5,
    }.InRange(1, 10_000);
    private static readonly Option<int?> _parallel = new Option<int?>("--parallel")
    {
        Description = "Runs at the same time; one a processor core if not given. Results do not depend on it.",
    }.InRange(1, 1024);
    private static readonly Option<string?> _output = new("--output")
    {
        Description = "Folder of run logs, compare.json and the page; artifacts/compare/TASK if not given.",
    };

    public static Command Create()
    {
        var command = new Command(
            "compare",
            "Trains with several algorithms over several seeds, several runs at a time; runs that are in the folder already are not repeated."
        )
        {
            _algorithms,
            _seeds,
            _parallel,
            _output,
        };
        TrainingOptionSet.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Compare(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Compare(ParseResult parsed, CancellationToken cancellationToken)
    {
        var names = AlgorithmNames.Split(parsed.GetValue(_algorithms)!);
        var (output, clock) = (parsed.InvocationConfiguration.Output, Stopwatch.StartNew());
        var seeds = parsed.GetValue(_seeds);

        // All names and values are checked before the first run starts; one step of each shows what does not fit together.
        TrainingRequest[] requests = [.. names.Select(name => TrainingOptionSet.Read(parsed, name, seed: 1))];
        requests = [.. requests.Select(r => r with { Task = requests[0].Task, Steps = requests.Max(other => other.Steps) })];
        foreach (var request in requests)
            request.Prepare();
        var folder = parsed.GetValue(_output) ?? Path.Combine("artifacts", "compare", requests[0].Task);
        var (numbers, page) = (Path.Combine(folder, "compare.json"), Path.Combine(folder, "index.html"));
        OutputFile.Check("--output", page, overwrite: false);
        if (FilePlace.Fault(numbers, overwrite: true) is { } fault)
            throw new UsageException($"--output: {fault}");
        var comparison = Run(requests, Plan(parsed, requests[0], seeds, folder), output, cancellationToken);

        output.WriteLine(comparison);
        comparison.Save(numbers);
        if (comparison.Runs.Count > 0)
            OutputFile.Write(
                page,
                ViewPage.Write($"{string.Join(", ", names)} on {comparison.Task}", [comparison.Runs.Curves()])
            );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{comparison.Runs.Count} of {requests.Length * seeds} runs in {clock.Elapsed.TotalSeconds:0} s. Every number: {numbers}. Curves: {page}"
            )
        );
        return comparison.Failed.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static Comparison Run(
        TrainingRequest[] requests,
        ComparisonPlan plan,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (task, objectives) = (Tasks.Named(requests[0].Task), requests.Select(r => r.Objective()).ToArray());
            return ComparisonLine.Follow(
                objectives.Length * plan.Seeds,
                plan.Steps,
                output,
                progress => UniPo.Compare.Train(requests[0].Base(task), task, objectives, plan, progress, cancellationToken)
            );
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidDataException)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static ComparisonPlan Plan(ParseResult parsed, TrainingRequest request, int seeds, string folder) =>
        new()
        {
            Seeds = seeds,
            Steps = request.Steps,
            Folder = folder,
            Parallel = parsed.GetValue(_parallel),
            Overrule = request.Overrule,
        };
}
