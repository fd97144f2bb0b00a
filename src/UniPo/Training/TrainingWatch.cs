namespace UniPo;

/// <summary>Looks at every rollout and says what is not as it should be, with its likely cause: each thing once.</summary>
/// <remarks>Part of a run's state: a resumed run says what the uninterrupted one would have said.</remarks>
internal sealed class TrainingWatch(Trainer trainer)
{
    /// <summary>Rollouts in a row after which standing still is no accident.</summary>
    public const int Patience = 8;

    private readonly int _trainedBefore = trainer.Policy.Parameters.TrainedSteps;

    /// <summary>What was seen so far.</summary>
    public WatchState State { get; set; } = new();

    /// <summary>What must be said at a step.</summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="metrics">Its numbers.</param>
    /// <param name="fresh">The rollout, at the first step that learns from it; else null.</param>
    /// <param name="report">What the objective made of the step's responses.</param>
    public IReadOnlyList<string> See(int step, IReadOnlyDictionary<string, double> metrics, Rollout? fresh, TokenReport report)
    {
        List<string> warnings = step == 0 ? [.. TrainingAdvice.Of(trainer, _trainedBefore)] : [];
        if (step == trainer.PlannedSteps && trainer.Options.Decay != Decay.None && trainer.Objective.Step is GradientStep)
            warnings.Add(
                $"The plan was {step} steps, so the learning rate has fallen to 0 by now and stays there: steps from here on change nothing. Set TrainerOptions.PlannedSteps before the first step to plan a longer run."
            );
        if (fresh is null)
            return warnings;
        if (fresh.Warning is { } refill)
            warnings.Add(refill);
        State = State.After(Look(metrics, fresh.Batch, report));
        foreach (var (topic, text) in Standstill().Append(("collapse", Collapse(fresh.Batch))))
            if (text is not null && !State.Said.Contains(topic))
            {
                warnings.Add(text);
                State = State with { Said = [.. State.Said, topic] };
            }
        return warnings;
    }

    private Glance Look(IReadOnlyDictionary<string, double> metrics, RolloutBatch batch, TokenReport report)
    {
        double[] rewards = [.. batch.Responses.Select(r => r.Reward)];
        var demonstrated = trainer.Objective is ImitationObjective { Selection: EveryResponse };
        var silent =
            trainer.Objective is not ImitationObjective && trainer.Objective.SilentGroups(batch).All(s => s) && HasNoSignal(report);
        return new Glance
        {
            Mean = rewards.Average(),
            Lowest = rewards.Min(),
            Spread = Spread(rewards),
            Entropy = metrics.GetValueOrDefault("entropy", double.NaN),
            AllZero = !demonstrated && rewards.All(r => r == 0),
            Silent = silent,
            NoGradient = metrics.GetValueOrDefault("grad_norm", double.NaN) == 0,
            SameLength = batch.Responses.DistinctBy(r => r.Length).Count() == 1,
        };
    }

    /// <summary>Equal rewards are a signal all the same where they are not compared within their group.</summary>
    private static bool HasNoSignal(TokenReport report)
    {
        foreach (var value in (report.Advantage ?? report.Weight).Values)
            if (value != 0)
                return false;
        return true;
    }

    /// <summary>Nothing is learned, for one of these reasons; the first that holds is the one to mend.</summary>
    private IEnumerable<(string Topic, string? Text)> Standstill()
    {
        var model = trainer.Options.Model ?? trainer.Policy.Name;
        if (State.Zero >= Patience)
            yield return (
                "zero",
                $"For {Patience} rollouts every response has had the reward 0: the policy never does what the task '{trainer.Task.Name}' rewards, so there is nothing to make likelier. Is '{model}' a model for this task? Else start from one that is right now and then, or reward a part of the way."
            );
        else if (State.Silent >= Patience)
            yield return (
                "silent",
                FormattableString.Invariant(
                    $"For {Patience} rollouts all responses to a prompt have had the same reward (now {State.LastMean:0.###}): there is nothing to learn from their differences. "
                )
                    + "Either everything is right already, or the policy never gets anything right, or it has collapsed to one response."
            );
        else if (State.NoGradient >= Patience)
            yield return (
                "gradient",
                $"For {Patience} rollouts the gradient has been exactly 0, although rewards differ: no token has a weight. A filter that drops every response, a coefficient of 0 or a clip without room can do that."
            );
        if (State.SameLength >= Patience && trainer.Objective is PolicyObjective { Aggregation: ConstantLength })
            yield return (
                "lengths",
                $"For {Patience} rollouts all responses have been equally long, so dividing by a constant instead of the length ({trainer.Objective.Name}) differs by one factor for all tokens: it cannot act here. Use a task whose responses differ in length, such as the scratchpad."
            );
    }

    private string? Collapse(RolloutBatch batch)
    {
        if (!State.IsCollapsed(batch.Responses.Count))
            return null;
        var entropy = double.IsNaN(State.LastEntropy)
            ? ""
            : FormattableString.Invariant($" (entropy {State.StartEntropy:0.###} then, {State.LastEntropy:0.###} nats now)");
        var remedy =
            trainer.Objective.Step is TrustRegionStep
                ? "The usual cause is a step that goes too far."
                : FormattableString.Invariant(
                    $"The usual cause is a learning rate that is too high (here {trainer.Options.LearningRate:0.###e-0}); start again from the base model with a third of it."
                );
        return FormattableString.Invariant(
                $"The reward has fallen to {State.LastMean:0.###}, far below the {State.StartMean:0.###} it started with{entropy}: the policy has collapsed. "
            ) + remedy;
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
