namespace UniPo;

/// <summary>One way to train with an algorithm that is known to work here: the task, the settings, the number of steps.</summary>
/// <remarks>
/// <c>docs/training.md</c> says what each of them reaches, over five seeds; <c>unipo docs --training</c> measures it anew.
/// </remarks>
public sealed record TrainingRecipe
{
    private TrainingRecipe(Objective objective, ITask task, TrainerOptions options, int steps) =>
        (Objective, Task, Options, Steps) = (objective, task, options, steps);

    /// <summary>What is maximised.</summary>
    public Objective Objective { get; }

    /// <summary>What is learned, from the base model that belongs to it.</summary>
    public ITask Task { get; }

    /// <summary>How.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Optimiser steps.</summary>
    public int Steps { get; }

    /// <summary>The recipe of every algorithm, in the order in which they are taught.</summary>
    public static IReadOnlyList<TrainingRecipe> All => field ??= [.. Algorithms.All.Select(For)];

    /// <summary>The recipe of an algorithm.</summary>
    /// <param name="objective">One of <see cref="Algorithms"/>, or one like it.</param>
    public static TrainingRecipe For(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ITask task = objective is PolicyObjective { Advantage: RubricAdvantage } ? Tasks.Rubric() : Tasks.Addition();
        // A trust-region step goes as far as ten of Adam's, and costs as much.
        return new TrainingRecipe(
            objective,
            task,
            TrainerOptions.For(objective),
            steps: objective.Step is TrustRegionStep ? 40 : 150
        );
    }

    /// <summary>The settings in a line, for instance <c>8 × 16 responses, learning rate 1e-4, warm-up 10</c>.</summary>
    public string Settings
    {
        get
        {
            var (passes, miniBatches) = (
                Options.Passes ?? Objective.Sampling.Passes,
                Options.MiniBatches ?? Objective.Sampling.MiniBatches
            );
            List<string> words =
            [
                FormattableString.Invariant($"{Options.Prompts} × {Options.Group ?? Objective.Sampling.GroupSize} responses"),
            ];
            if (passes > 1)
                words.Add($"{passes} passes");
            if (miniBatches > 1)
                words.Add($"{miniBatches} steps a pass");
            words.Add(
                Objective.Step is TrustRegionStep trust
                    ? FormattableString.Invariant(
                        $"KL of a step ≤ {trust.Delta}, critic {Options.CriticPasses} × {Rate(Options.CriticLearningRate)}"
                    )
                    : $"learning rate {Rate(Options.LearningRate)}, warm-up {Options.WarmupSteps}"
            );
            words.Add($"{Steps} steps");
            return string.Join(", ", words);
        }
    }

    /// <summary>For instance <c>GRPO on addition: 8 × 16 responses, …</c>.</summary>
    public override string ToString() => $"{Objective.Name} on {Task.Name}: {Settings}";

    private static string Rate(double rate) => rate.ToString("0.##e-0", System.Globalization.CultureInfo.InvariantCulture);
}
