using System.CommandLine;

namespace UniPo.Cli.Training;

/// <summary>The settings of a run, shared by the commands that train.</summary>
internal static class TrainingOptionSet
{
    private static readonly Option<string?> _task = new("--task")
    {
        Description =
            "What to learn: "
            + string.Join(", ", Tasks.Names)
            + "; addition if not given, or rubric for an algorithm that needs one.",
    };
    private static readonly Option<int?> _steps = new("--steps")
    {
        Description = "Optimiser steps; those of the algorithm's recipe in docs/training.md if not given, 150 for most.",
    };
    private static readonly Option<string?> _model = new("--model")
    {
        Description = "Base model: a .safetensors file or the name of a shipped one; the task's own if not given.",
    };
    private static readonly Option<double?> _epsilon = new("--epsilon") { Description = "Clip range, in [0, 1)." };
    private static readonly Option<double?> _epsilonHigh = new("--epsilon-high")
    {
        Description = "Upper clip range where it differs.",
    };
    private static readonly Option<double?> _beta = new("--beta")
    {
        Description = "Weight of the KL to the reference, at least 0.",
    };
    private static readonly Option<int?> _group = new("--group") { Description = "Responses to each prompt." };
    private static readonly Option<int?> _prompts = new("--prompts") { Description = "Prompts of a rollout." };
    private static readonly Option<int?> _passes = new("--passes") { Description = "How often each response is learned from." };
    private static readonly Option<double?> _rate = new("--learning-rate") { Description = "AdamW's learning rate." };
    private static readonly Option<double?> _temperature = new("--temperature")
    {
        Description = "Divides the logits when sampling.",
    };
    private static readonly Option<int?> _threads = new("--threads") { Description = "Threads; results do not depend on it." };
    private static readonly Option<int> _evaluate = new("--evaluate-every")
    {
        Description = "Measures held-out accuracy after every so many steps; 0 for before and after only.",
    };

    /// <summary>Adds all of them to a command.</summary>
    public static void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [
                    _task,
                    _steps,
                    _model,
                    _epsilon,
                    _epsilonHigh,
                    _beta,
                    _group,
                    _prompts,
                    _passes,
                    _rate,
                    _temperature,
                    _threads,
                    _evaluate,
                ]
        )
            command.Add(option);
    }

    /// <summary>The run that was asked for.</summary>
    /// <exception cref="UsageException">There is no such algorithm, or no step was asked for.</exception>
    public static TrainingRequest Read(ParseResult parsed, string algorithm, ulong seed) =>
        new()
        {
            Task = parsed.GetValue(_task) ?? Recipe(algorithm).Task.Name,
            Steps =
                parsed.GetValue(_steps) is not { } steps ? Recipe(algorithm).Steps
                : steps >= 1 ? steps
                : throw new UsageException($"--steps must be at least 1, but was {steps}."),
            Algorithm = algorithm,
            Seed = seed,
            Model = parsed.GetValue(_model),
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

    private static TrainingRecipe Recipe(string algorithm) => TrainingRecipe.For(AlgorithmNames.Find(algorithm));
}
