using System.CommandLine;
using System.Diagnostics;
using UniPo.Cli.Training;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo train</c>: trains a tiny model and writes the run as it goes.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> _task = new("--task") { Description = "What to learn: " + string.Join(", ", Tasks.Names) + ".", DefaultValueFactory = _ => "addition" };
    private static readonly Option<string> _algorithm = new("--algorithm") { Description = "How: " + string.Join(", ", AlgorithmNames.All) + ".", DefaultValueFactory = _ => "grpo" };
    private static readonly Option<string?> _model = new("--model") { Description = "Base model: a .safetensors file or the name of a shipped one; the task's own if not given." };
    private static readonly Option<int> _steps = new("--steps") { Description = "Optimiser steps.", DefaultValueFactory = _ => 150 };
    private static readonly Option<ulong> _seed = new("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => 7 };
    private static readonly Option<string?> _output = new("--output") { Description = "The run log (JSONL); artifacts/runs/TASK-ALGORITHM-SEED.jsonl if not given." };
    private static readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replaces a run log that exists." };
    private static readonly Option<string?> _save = new("--save") { Description = "Also saves the trained model as this .safetensors file." };
    private static readonly Option<double?> _epsilon = new("--epsilon") { Description = "Clip range, in [0, 1)." };
    private static readonly Option<double?> _epsilonHigh = new("--epsilon-high") { Description = "Upper clip range where it differs." };
    private static readonly Option<double?> _beta = new("--beta") { Description = "Weight of the KL to the reference, at least 0." };
    private static readonly Option<int?> _group = new("--group") { Description = "Responses to each prompt." };
    private static readonly Option<int?> _prompts = new("--prompts") { Description = "Prompts of a rollout." };
    private static readonly Option<int?> _passes = new("--passes") { Description = "How often each response is learned from." };
    private static readonly Option<double?> _rate = new("--learning-rate") { Description = "AdamW's learning rate." };
    private static readonly Option<double?> _temperature = new("--temperature") { Description = "Divides the logits when sampling." };
    private static readonly Option<int?> _threads = new("--threads") { Description = "Threads; results do not depend on it." };
    private static readonly Option<int> _evaluate = new("--evaluate-every") { Description = "Measures held-out accuracy after every so many steps; 0 for before and after only." };

    public static Command Create()
    {
        var command = new Command("train", "Trains a tiny language model by reinforcement learning and writes the run as it goes.")
        {
            _task, _algorithm, _model, _steps, _seed, _output, _overwrite, _save, _epsilon, _epsilonHigh, _beta, _group, _prompts, _passes, _rate, _temperature, _threads, _evaluate,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Train(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Train(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = Read(parsed);
        var steps = parsed.GetValue(_steps);
        if (steps < 1) throw new UsageException($"--steps must be at least 1, but was {steps}.");
        var trainer = request.Prepare();
        var path = parsed.GetValue(_output) ?? Path.Combine("artifacts", "runs", $"{request.Task}-{request.Algorithm}-{request.Seed}.jsonl");
        if (File.Exists(path) && !parsed.GetValue(_overwrite)) throw new UsageException($"--output {path}: this run log exists; choose another name, or say --overwrite.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        var output = parsed.InvocationConfiguration.Output;
        var clock = Stopwatch.StartNew();
        try
        {
            var run = TrainingLine.Follow(steps, output, progress => trainer.Record(steps, path, progress, overwrite: true, cancellation: cancellationToken));
            TrainingSummary.Write(run, clock.Elapsed, output);
            if (run.Stopped is { } stopped) output.WriteLine(stopped);
            return run.Stopped is null ? ExitCode.Success : ExitCode.Cancelled;
        }
        catch (TrainingStoppedException fault)
        {
            parsed.InvocationConfiguration.Error.WriteLine(fault.Message);
            return ExitCode.Failure;
        }
        finally
        {
            if (parsed.GetValue(_save) is { } model) Save(trainer.Policy, model, output);
            output.WriteLine($"The run is in {path}");
        }
    }

    private static void Save(ITrainablePolicy policy, string path, TextWriter output)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        ((TinyTransformer)policy).Save(path);
        output.WriteLine($"The model is in {path}");
    }

    private static TrainingRequest Read(ParseResult parsed) => new()
    {
        Task = parsed.GetValue(_task)!,
        Algorithm = parsed.GetValue(_algorithm)!,
        Model = parsed.GetValue(_model),
        Seed = parsed.GetValue(_seed),
        Epsilon = parsed.GetValue(_epsilon),
        EpsilonHigh = parsed.GetValue(_epsilonHigh),
        Beta = parsed.GetValue(_beta),
        Group = parsed.GetValue(_group),
        Prompts = parsed.GetValue(_prompts),
        Passes = parsed.GetValue(_passes),
        LearningRate = parsed.GetValue(_rate),
        Temperature = parsed.GetValue(_temperature),
        Threads = parsed.GetValue(_threads),
        EvaluateEvery = parsed.GetValue(_evaluate),
    };
}
