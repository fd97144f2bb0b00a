namespace UniPo.Interactive;

/// <summary>A training, and one group of answers that was weighed again on its way.</summary>
/// <param name="Run">The training itself.</param>
/// <param name="Group">
/// The group as a run of its own: each of its steps holds the same answers under the policy of that step, with their weights. It
/// is written to a log and read back like any run.
/// </param>
public sealed record FollowedTraining(TrainingRun Run, TrainingRun Group)
{
    /// <summary>The group over the training, with a scrubber.</summary>
    public Moment Moment() => new(Group);

    /// <summary>Trains, and weighs one group of answers again on the way.</summary>
    /// <param name="trainer">Takes the steps.</param>
    /// <param name="steps">Optimiser steps, at least 1.</param>
    /// <param name="prompt">What the group answers, for instance the prompt <c>99+58=</c>.</param>
    /// <param name="group">Answers, sampled before the first step; at least 2, so that there is something to compare.</param>
    /// <param name="moments">How often the group is weighed, the first time before the first step; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    internal static FollowedTraining Of(Trainer trainer, int steps, Prompt prompt, int group, int moments)
    {
        Numerics.Require.AtLeast(group, 2, nameof(group));
        Numerics.Require.AtLeast(moments, 2, nameof(moments));
        var follower = new GroupFollower(trainer, prompt, group);
        var every = Math.Max(1, (steps + moments - 2) / (moments - 1));
        follower.Weigh(0);
        var run = trainer.Train(
            steps,
            new EachStep(step =>
            {
                // The progress of step s is told after its update: the policy has then taken s + 1 steps.
                if ((step.Step + 1) % every == 0 || step.Step + 1 == steps)
                    follower.Weigh(step.Step + 1);
            })
        );
        return new FollowedTraining(run, follower.Run(run.Header));
    }

    private sealed class EachStep(Action<TrainingStep> act) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => act(value);
    }
}

/// <summary>Scores a fixed group of answers under a policy that moves.</summary>
internal sealed class GroupFollower
{
    private readonly Trainer _trainer;
    private readonly RolloutBatch _sampled;
    private readonly List<TrainingStep> _steps = [];
    private TokenColumn? _before;

    public GroupFollower(Trainer trainer, Prompt prompt, int group)
    {
        _trainer = trainer;
        _sampled = new Sampler { Group = group, Temperature = trainer.Options.Temperature }.Answer(
            trainer.Policy,
            trainer.Task,
            [prompt],
            trainer.Options.Seed
        );
    }

    /// <summary>Adds the group as it stands now: its answers as if they had been sampled the last time it was weighed.</summary>
    public void Weigh(int step)
    {
        var logProbs = new double[_sampled.Layout.Tokens];
        _trainer.Policy.Score(_sampled.Sequences!, _trainer.Options.Temperature, logProbs, entropies: []);
        var now = new TokenColumn(_sampled.Layout, logProbs);
        var report = _trainer.Objective.Evaluate(
            _sampled with
            {
                LogProbs = now,
                OldLogProbs = _before ?? now,
                ReferenceLogProbs = _sampled.LogProbs,
                Entropies = null,
            }
        );
        _steps.Add(
            new TrainingStep
            {
                Step = step,
                Rollout = step,
                FirstAfterRollout = true,
                Metrics = new Dictionary<string, double> { ["reward"] = _sampled.Responses.Average(r => r.Reward) },
                Report = report,
            }
        );
        _before = now;
    }

    /// <summary>What was followed, as a run.</summary>
    public TrainingRun Run(RunHeader header) => new() { Header = header, Steps = [.. _steps] };
}
