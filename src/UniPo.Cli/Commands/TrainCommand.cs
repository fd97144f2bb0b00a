using System.CommandLine;
using System.Diagnostics;
using UniPo.Cli.Files;
using UniPo.Cli.Terminal;
using UniPo.Cli.Training;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo train</c>: trains a tiny model and writes the run as it goes.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> _algorithm = new("--algorithm")
    {
        Description = "How: " + string.Join(", ", AlgorithmNames.All) + ".",
        DefaultValueFactory = _ => "grpo",
    };
    private static readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Decides everything random.",
        DefaultValueFactory = _ => 7,
    };
    private static readonly Option<string?> _output = new("--output")
    {
        Description = "The run log (JSONL); artifacts/runs/TASK-ALGORITHM-SEED.jsonl if not given.",
    };
    private static readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replaces a run log, or with --save a model, that exists.",
    };
    private static readonly Option<int> _logPrompts = new Option<int>("--log-prompts")
    {
        Description = "Prompts of each step whose tokens are in the log.",
        DefaultValueFactory = _ => 3,
    }.InRange(0);
    private static readonly Option<int> _checkpoint = new Option<int>("--checkpoint-every")
    {
        Description = "Saves the run's state beside the log after every so many steps; 0 for never.",
        DefaultValueFactory = _ => 50,
    }.InRange(0);
    private static readonly Option<bool> _resume = new("--resume")
    {
        Description = "Goes on from the state beside the log; the result is the same as without the interruption.",
    };
    private static readonly Option<string?> _save = new("--save")
    {
        Description = "Also saves the trained model as this .safetensors file.",
    };

    public static Command Create()
    {
        var command = new Command(
            "train",
            "Trains a tiny language model by reinforcement learning and writes the run as it goes."
        )
        {
            _algorithm,
            _seed,
            _output,
            _overwrite,
            _checkpoint,
            _resume,
            _logPrompts,
            _save,
        };
        TrainingOptionSet.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Train(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Train(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = TrainingOptionSet.Read(parsed, parsed.GetValue(_algorithm)!, parsed.GetValue(_seed));
        var steps = request.Steps;
        var logPrompts = parsed.GetValue(_logPrompts);
        var path =
            parsed.GetValue(_output)
            ?? Path.Combine("artifacts", "runs", $"{request.Task}-{request.Algorithm}-{request.Seed}.jsonl");
        var (resume, checkpointEvery) = (parsed.GetValue(_resume), parsed.GetValue(_checkpoint));
        CheckPaths(parsed, request, path);
        if (File.Exists(path) && !resume && !parsed.GetValue(_overwrite))
            throw new UsageException(
                $"--output {path}: this run log exists; choose another name, or say --overwrite or --resume."
            );

        var trainer = request.Prepare();
        var (output, clock) = (parsed.InvocationConfiguration.Output, Stopwatch.StartNew());
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var run = TrainingLine.Follow(
                steps,
                output,
                progress =>
                    trainer.Record(
                        steps,
                        path,
                        progress,
                        logPrompts,
                        overwrite: !resume,
                        checkpointEvery: checkpointEvery,
                        resume: resume,
                        cancellation: cancellationToken
                    )
            );
            TrainingSummary.Write(run, clock.Elapsed, output);
            if (parsed.GetValue(_save) is { } model)
                Save(trainer.Policy, model, output);
            if (run.Stopped is { } stopped)
                output.WriteLine(stopped);
            return run.Stopped is null ? ExitCode.Success : ExitCode.Cancelled;
        }
        catch (TrainingStoppedException fault)
        {
            parsed.InvocationConfiguration.Error.WriteLine(fault.Message);
            return ExitCode.Failure;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(fault.Message);
            return ExitCode.Usage;
        }
        finally
        {
            if (File.Exists(path))
                output.WriteLine($"The run is in {path}; see it with: unipo view {path}");
        }
    }

    // Before the first step: after the last one it would be too late.
    private static void CheckPaths(ParseResult parsed, TrainingRequest request, string log)
    {
        string[] read = request.Model is { } model && File.Exists(model) ? [model] : [];
        OutputFile.Check("--output", log, overwrite: true, read);
        if (parsed.GetValue(_save) is not { } save)
            return;
        OutputFile.Check("--save", save, parsed.GetValue(_overwrite), [.. read, log, RecordedTraining.CheckpointPath(log)]);
    }

    private static void Save(ITrainablePolicy policy, string path, TextWriter output)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        ((TinyTransformer)policy).Save(path);
        output.WriteLine($"The model is in {path}");
    }
}
