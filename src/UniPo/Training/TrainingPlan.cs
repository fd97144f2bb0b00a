using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// What is settled before the first step: do the parts fit together, how is a rollout cut up, and what does the log say.
/// </summary>
internal static class TrainingPlan
{
    /// <summary>Names of the stream that orders mini-batches, apart from those of the rollouts.</summary>
    private const ulong CutStream = 0xC0DE;

    /// <summary>The objective's own plan, where the options do not overrule it.</summary>
    public static (int Group, int Passes, int MiniBatches) Check(
        ITrainablePolicy policy,
        ITask task,
        Objective objective,
        TrainerOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(objective);
        Decoder.RequireSameVocabulary(policy, task);
        var plan = objective.Sampling;
        var (group, passes, miniBatches) = (
            options.Group ?? plan.GroupSize,
            options.Passes ?? plan.Passes,
            options.MiniBatches ?? Math.Min(plan.MiniBatches, options.Prompts)
        );
        if (miniBatches > options.Prompts)
            throw new ArgumentException(
                $"MiniBatches must lie in 1..{options.Prompts}, the number of prompts (a group is never cut), but was {miniBatches}."
            );
        if (group < 2 && objective is PolicyObjective { Advantage: GroupMean or GroupMeanStd })
            throw new ArgumentException(
                $"Group must be at least 2 for the group-relative advantage of {objective.Name}, but was {group}."
            );
        if (plan.NeedsCritic && !policy.HasValueHead)
            throw new ArgumentException(
                $"{objective.Name} needs a policy with a value head, but '{policy.Name}' has none. "
                    + (
                        policy.CanHaveValueHead
                            ? "Create it with one, for instance policy.WithValueHead()."
                            : "Give it one, or choose an objective that needs no critic, for instance GRPO."
                    )
            );
        return (group, passes, miniBatches);
    }

    /// <summary>
    /// Which groups each optimiser step learns from: whole groups, drawn anew for every pass, so that no two prompts always share
    /// a step.
    /// </summary>
    public static IReadOnlyList<RolloutPart> Cut(TokenLayout layout, int passes, int miniBatches, ulong seed, int rollout)
    {
        var parts = new List<RolloutPart>();
        int[] groups = [.. Enumerable.Range(0, layout.Groups)];
        if (miniBatches == 1)
            return [.. Enumerable.Range(0, passes).Select(pass => new RolloutPart(pass, null))];
        for (var pass = 0; pass < passes; pass++)
        {
            SeededRandom.Stream(seed ^ CutStream, ((ulong)rollout << 16) + (ulong)pass).Shuffle(groups.AsSpan());
            for (var part = 0; part < miniBatches; part++)
            {
                var chosen = groups[(part * groups.Length / miniBatches)..((part + 1) * groups.Length / miniBatches)];
                if (chosen.Length > 0)
                    parts.Add(new RolloutPart(pass, chosen)); // a refilled rollout can hold fewer groups than mini-batches
            }
        }
        return parts;
    }

    public static RunHeader Describe(Trainer trainer, int steps)
    {
        var (task, options, objective) = (trainer.Task, trainer.Options, trainer.Objective);
        return new RunHeader
        {
            Algorithm = objective.Name,
            Task = task.Name,
            Model = options.Model ?? trainer.Policy.Name,
            RewardStrategy = task.Description,
            Dataset = $"{task.TrainingPrompts.Count} prompts for training, {task.HeldOutPrompts.Count} held out",
            Seed = options.Seed,
            Steps = steps,
            Passes = trainer.Passes,
            PromptsPerStep = options.Prompts,
            GroupSize = trainer.Group,
            Hyperparameters = Hyperparameters(trainer),
        };
    }

    /// <summary>
    /// Settings under the names that UNIPO and the trainers use. Numbers are doubles, so that a log gives them back as they were.
    /// </summary>
    private static Dictionary<string, object> Hyperparameters(Trainer trainer)
    {
        var options = trainer.Options;
        var settings = new Dictionary<string, object>
        {
            ["learning_rate"] = options.LearningRate,
            ["group_size"] = (double)trainer.Group,
            ["n_samples_per_prompt"] = (double)trainer.Group,
            ["mini_batches"] = (double)trainer.MiniBatches,
            ["temperature"] = options.Temperature,
            ["warmup_steps"] = (double)options.WarmupSteps,
            ["weight_decay"] = options.WeightDecay,
            ["max_response_length"] = (double)trainer.Task.MaxTokens,
        };
        if (options.GradientClip is { } clip)
            settings["max_grad_norm"] = clip;
        if (trainer.Objective is not PolicyObjective objective)
            return settings;
        if (objective.Clip is Clip { Low: var low, High: var high })
            settings["clip_eps"] = low == high ? low : new[] { low, high };
        settings["kl_coef"] = objective.Kl switch
        {
            KlInLoss loss => loss.Coefficient,
            KlInReward reward => reward.Coefficient,
            _ => 0.0,
        };
        if (objective.Entropy is { } entropy)
            settings["entropy_coef"] = entropy.Coefficient;
        return settings;
    }
}
