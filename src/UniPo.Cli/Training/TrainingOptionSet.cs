using System.CommandLine;
using UniPo.Cli.Terminal;

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
    private static readonly Option<int?> _steps = new Option<int?>("--steps")
    {
        Description = "Optimiser steps; those of the algorithm's recipe in docs/training.md if not given, 150 for most.",
    }.InRange(1, 1e7);
    private static readonly Option<string?> _model = new("--model")
    {
        Description = "Base model: a .safetensors file or the name of a shipped one; the task's own if not given.",
    };
    private static readonly Option<double?> _epsilon = new Option<double?>("--epsilon")
    {
        Description = "Clip range, in [0, 1).",
    }.InRange(0, 1e6);
    private static readonly Option<double?> _epsilonHigh = new Option<double?>("--epsilon-high")
    {
        Description = "Upper clip range where it differs.",
    }.InRange(0, 1e6);
    private static readonly Option<double?> _beta = new Option<double?>("--beta")
    {
        Description = "Weight of the KL to the reference, at least 0.",
    }.InRange(0, 1e6);
    private static readonly Option<int?> _group = new Option<int?>("--group")
    {
        Description = "Responses to each prompt.",
    }.InRange(1, 4096);
    private static readonly Option<int?> _prompts = new Option<int?>("--prompts")
    {
        Description = "Prompts of a rollout.",
    }.InRange(1, 65536);
    private static readonly Option<int?> _passes = new Option<int?>("--passes")
    {
        Description = "How often each response is learned from.",
    }.InRange(1, 1000);
    private static readonly Option<double?> _rate = new Option<double?>("--learning-rate")
    {
        Description = "AdamW's learning rate.",
    }.InRange(0, double.MaxValue);
    private static readonly Option<double?> _temperature = new Option<double?>("--temperature")
    {
        Description = "Divides the logits when sampling.",
    }.InRange(1e-3, 1e3);
    private static readonly Option<int?> _threads = new Option<int?>("--threads")
    {
        Description = "Threads; results do not depend on it.",
    }.InRange(1, 256);
    private static readonly Option<int> _evaluate = new Option<int>("--evaluate-every")
    {
        Description = "Measures held-out accuracy after every so many steps; 0 for before and after only.",
    }.InRange(0);

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
            Task = parsed.GetValue(_task) is { } task ? TaskNames.Check(task) : Recipe(algorithm).Task.Name,
            Steps = parsed.GetValue(_steps) ?? Recipe(algorithm).Steps,
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
