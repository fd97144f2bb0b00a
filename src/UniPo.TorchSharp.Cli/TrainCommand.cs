using System.CommandLine;

namespace UniPo.Torch.Cli;

/// <summary><c>unipo-torch train</c>: trains a model of a folder and writes the run as it goes, and the model at its end.</summary>
/// <remarks>Options have the names they have in <c>unipo train</c>, which hands its own over.</remarks>
internal static class TrainCommand
{
    private const int Success = 0,
        Failure = 1,
        Usage = 2,
        Cancelled = 130;
    private static readonly Option<string> _model = new("--model")
    {
        Description = "Folder with config.json, model.safetensors and tokenizer.json (Llama, Qwen2, Qwen2.5 or Qwen3).",
        Required = true,
    };
    private static readonly Option<string> _task = new("--task")
    {
        Description = $"What to learn: {string.Join(", ", Tasks.Names)}.",
        DefaultValueFactory = _ => "addition",
    };
    private static readonly Option<string> _algorithm = new("--algorithm")
    {
        Description = $"How: {string.Join(", ", Algorithms.All.Select(a => a.Name))}.",
        DefaultValueFactory = _ => "grpo",
    };
    private static readonly Option<ulong> _seed = new("--seed")
    {
        DefaultValueFactory = _ => 7,
        Description = "Decides everything random.",
    };
    private static readonly Option<int> _steps = new("--steps")
    {
        DefaultValueFactory = _ => 50,
        Description = "Optimiser steps.",
    };
    private static readonly Option<int?> _prompts = new("--prompts") { Description = "Prompts of a rollout." };
    private static readonly Option<int?> _group = new("--group") { Description = "Responses to each prompt." };
    private static readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Longest response, in tokens." };
    private static readonly Option<double> _rate = new("--learning-rate")
    {
        Description = "AdamW's learning rate; 1e-5 if not given, 1e-4 with adapters.",
    };
    private static readonly Option<double?> _temperature = new("--temperature")
    {
        Description = "Divides the logits when sampling.",
    };
    private static readonly Option<int?> _threads = new("--threads") { Description = "Threads of libtorch." };
    private static readonly Option<int> _lora = new("--lora")
    {
        Description = "Rank of low-rank adapters: only they are trained; 0 trains all weights.",
    };
    private static readonly Option<double?> _alpha = new("--lora-alpha")
    {
        Description = "α of the adapters; twice the rank if not given.",
    };
    private static readonly Option<bool> _plain = new("--no-chat")
    {
        Description = "Asks the bare question even where the folder has a chat template.",
    };
    private static readonly Option<string?> _output = new("--output") { Description = "The run log (JSONL)." };
    private static readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replaces a run log that exists." };
    private static readonly Option<int> _checkpoint = new("--checkpoint-every")
    {
        Description = "Saves the run's state beside the log after every so many steps; 0 for never.",
    };
    private static readonly Option<bool> _resume = new("--resume") { Description = "Goes on from the state beside the log." };
    private static readonly Option<string?> _save = new("--save")
    {
        Description =
            "Folder for the trained model, as Hugging Face's loader reads it; with --lora, PEFT's adapters are beside it in adapters/.",
    };

    public static Command Create()
    {
        var command = new Command("train", "Trains a model of a folder by reinforcement learning.");
        foreach (
            var option in (Option[])
                [
                    _model,
                    _task,
                    _algorithm,
                    _seed,
                    _steps,
                    _prompts,
                    _group,
                    _maxTokens,
                    _rate,
                    _temperature,
                    _threads,
                    _lora,
                    _alpha,
                    _plain,
                    _output,
                    _overwrite,
                    _checkpoint,
                    _resume,
                    _save,
                ]
        )
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Guarded(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Guarded(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            return Train(parsed, cancellation);
        }
        catch (Exception fault)
            when (fault
                    is ArgumentException
                        or IOException
                        or InvalidDataException
                        or UnauthorizedAccessException
                        or DllNotFoundException
            )
        {
            parsed.InvocationConfiguration.Error.WriteLine(fault.Message);
            return Usage;
        }
        catch (TrainingStoppedException fault)
        {
            parsed.InvocationConfiguration.Error.WriteLine(fault.Message);
            return Failure;
        }
    }

    private static int Train(ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.InvocationConfiguration.Output;
        var model = HuggingFace.Load(parsed.GetValue(_model)!);
        if (LibTorch.Note is { } note)
            output.WriteLine(note);
        var rank = parsed.GetValue(_lora);
        if (rank > 0)
            model.Model.AddLora(
                new LoraOptions
                {
                    Rank = rank,
                    Alpha = parsed.GetValue(_alpha) ?? 2.0 * rank,
                    Seed = parsed.GetValue(_seed),
                }
            );
        ITrainablePolicy policy = model.Policy();
        var objective = Algorithm(parsed.GetValue(_algorithm)!);
        if (objective.Sampling.NeedsCritic)
            policy = policy.WithValueHead();
        using (policy)
        {
            var (task, options) = (TaskOf(parsed, model), Options(parsed, objective, rank > 0));
            output.WriteLine(
                FormattableString.Invariant(
                    $"{policy.Name}: {policy.Parameters.Count:n0} trained parameters; {objective.Name} on {task.Name}"
                )
            );
            var log =
                parsed.GetValue(_output)
                ?? Path.Combine("artifacts", "runs", $"{policy.Name}-{task.Name}-{objective.Name}-{options.Seed}.jsonl");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(log))!);
            var run = new Trainer(policy, task, objective, options).Record(
                parsed.GetValue(_steps),
                log,
                new StepLine(output, parsed.GetValue(_steps)),
                overwrite: parsed.GetValue(_overwrite),
                checkpointEvery: parsed.GetValue(_checkpoint),
                resume: parsed.GetValue(_resume),
                cancellation: cancellation
            );
            output.WriteLine($"The run is in {log}; see it with: unipo view {log}");
            Save(parsed, model, (TorchPolicy)policy, output);
            return run.Stopped is null ? Success : Cancelled;
        }
    }

    /// <summary>What was trained so far is written even where the run was stopped.</summary>
    private static void Save(ParseResult parsed, HuggingFaceModel model, TorchPolicy policy, TextWriter output)
    {
        if (parsed.GetValue(_save) is not { } folder)
            return;
        var trained = (Llama)policy.Model;
        model.Save(folder, trained);
        if (trained.Lora is not null)
            model.SaveAdapters(Path.Combine(folder, "adapters"), trained);
        output.WriteLine($"The model is in {folder}");
    }

    private static ITask TaskOf(ParseResult parsed, HuggingFaceModel model)
    {
        var task = Tasks.Named(parsed.GetValue(_task)!);
        if (parsed.GetValue(_maxTokens) is { } most)
            task = task.WithMaxTokens(most);
        return !parsed.GetValue(_plain) && model.ChatTemplate() is { } template ? template.Frame(task) : task;
    }

    private static TrainerOptions Options(ParseResult parsed, Objective objective, bool adapters)
    {
        var defaults = TrainerOptions.For(objective);
        return defaults with
        {
            Seed = parsed.GetValue(_seed),
            Prompts = parsed.GetValue(_prompts) ?? defaults.Prompts,
            Group = parsed.GetValue(_group) ?? defaults.Group,
            Temperature = parsed.GetValue(_temperature) ?? defaults.Temperature,
            Threads = parsed.GetValue(_threads) ?? defaults.Threads,
            // A pretrained model forgets at the rates from which a tiny one learns.
            LearningRate = parsed.GetResult(_rate) is null ? (adapters ? 1e-4 : 1e-5) : parsed.GetValue(_rate),
        };
    }

    private static Objective Algorithm(string name)
    {
        static string Bare(string text) =>
            string.Concat(text.Replace("++", "plusplus", StringComparison.Ordinal).Where(char.IsLetterOrDigit))
                .ToLowerInvariant();
        return Algorithms.All.FirstOrDefault(a => Bare(a.Name) == Bare(name))
            ?? throw new ArgumentException(
                $"There is no algorithm '{name}'; the algorithms are {string.Join(", ", Algorithms.All.Select(a => a.Name))}."
            );
    }
}
