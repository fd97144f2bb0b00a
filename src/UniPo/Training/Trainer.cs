using UniPo.Numerics;

namespace UniPo;

/// <summary>Reinforcement learning of a policy on a task: sample, score, credit, push, repeat.</summary>
/// <remarks>
/// The policy is trained in place. A trainer goes on where it stopped: <c>Steps(50)</c> twice is <c>Steps(100)</c> once.
/// Every random choice follows from the seed and the number of the rollout, so the same seed gives the same run.
/// </remarks>
public sealed partial class Trainer : IDisposable
{
    private readonly RolloutCollector _collector;
    private readonly PolicyUpdate _update;
    private readonly TrainingWatch _watch;
    private readonly GuardedTask _guardedTask;
    private readonly Lazy<RunSettings> _settings;
    private OpenRollout? _open;
    private int _step,
        _rollout;

    /// <summary>A trainer; the first step is taken when steps are asked for.</summary>
    /// <param name="policy">Trained in place; give a <see cref="ITrainablePolicy.Clone"/> to keep the original.</param>
    /// <param name="task">Asks and scores.</param>
    /// <param name="objective">What is maximised.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">Objective, policy, task and options do not fit together.</exception>
    public Trainer(ITrainablePolicy policy, ITask task, Objective objective, TrainerOptions? options = null)
    {
        (Policy, Task, Objective, Options) = (policy, task, objective, options ?? new TrainerOptions());
        (Group, Passes, MiniBatches) = TrainingPlan.Check(policy, task, objective, Options);
        if (Options.Threads is { } threads)
            policy.UseThreads(threads);
        PlannedSteps = Options.PlannedSteps;
        _guardedTask = new GuardedTask(task);
        _collector = new RolloutCollector(policy, _guardedTask, Options, Group);
        _update = new PolicyUpdate(policy, Options);
        _watch = new TrainingWatch(this);
        var baseModel = RunSettings.Fingerprint(policy.Parameters);
        _settings = new(() => RunSettings.Of(this, objective, baseModel));
    }

    /// <summary>The policy in its present state.</summary>
    public ITrainablePolicy Policy { get; }

    /// <summary>Asks and scores.</summary>
    public ITask Task { get; }

    /// <summary>
    /// What is maximised; an objective that adapts (a running baseline, a KL coefficient) is replaced after each rollout.
    /// </summary>
    public Objective Objective { get; private set; }

    /// <summary>How the run is carried out.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Responses to each prompt.</summary>
    public int Group { get; }

    /// <summary>How often each response is learned from.</summary>
    public int Passes { get; }

    /// <summary>Optimiser steps of one pass.</summary>
    public int MiniBatches { get; }

    /// <summary>
    /// Optimiser steps of the whole run, which decide where a falling learning rate ends; null until steps are asked for.
    /// </summary>
    public int? PlannedSteps { get; private set; }

    /// <summary>Takes optimiser steps, one whenever the next is asked for.</summary>
    /// <param name="steps">At least 1. A rollout gives <see cref="Passes"/> × <see cref="MiniBatches"/> of them.</param>
    /// <param name="cancellation">Ends the sequence before the next step; what was learned stays.</param>
    /// <exception cref="TrainingStoppedException">While enumerating: a reward, a loss or a gradient is not finite, or the task
    /// threw.</exception>
    public IEnumerable<TrainingStep> Steps(int steps, CancellationToken cancellation = default)
    {
        Require.AtLeast(steps, 1, "Steps");
        Plan(_step + steps);
        return Take(steps, cancellation);
    }

    /// <summary>Trains, and collects the steps as a run.</summary>
    /// <param name="steps">Optimiser steps, at least 1.</param>
    /// <param name="progress">Is told every step; null for silence.</param>
    /// <param name="cancellation">Stops within one step; the run so far is returned.</param>
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite, or the task or the one who is told
    /// of progress threw, or the policy could not be measured any more; its Run holds the steps before.</exception>
    public TrainingRun Train(int steps, IProgress<TrainingStep>? progress = null, CancellationToken cancellation = default)
    {
        var sequence = Steps(steps, cancellation);
        var taken = new List<TrainingStep>();
        var run = new TrainingRun { Header = Header(steps), Steps = taken };
        try
        {
            run = run with { Before = Options.MeasureHeldOut ? Measure() : null };
            foreach (var step in sequence)
            {
                taken.Add(step);
                progress?.Report(step);
            }
            return run with
            {
                After = Options.MeasureHeldOut ? Measure() : null,
                Stopped = taken.Count < steps ? $"Cancelled after {taken.Count} of {steps} steps." : null,
            };
        }
        catch (Exception e) when (e is not ArgumentException || taken.Count > 0) // what does not fit together shows in the first step
        {
            var message = e is TrainingStoppedException ? e.Message : Interrupted(taken.Count, e);
            throw new TrainingStoppedException(message, e) { Run = run with { Stopped = message } };
        }
    }

    /// <summary>How good the policy is now, on prompts that training never sees.</summary>
    /// <exception cref="TrainingStoppedException">It cannot be measured: its numbers are not finite, or the task threw.</exception>
    public HeldOutAccuracy Measure()
    {
        try
        {
            FiniteCheck.Parameters(Policy.Parameters);
            return HeldOut.Measure(Policy, _guardedTask, Options.Seed, Options.HeldOutPrompts, Options.Temperature);
        }
        catch (Exception e) when (e is not (ArgumentException or OperationCanceledException))
        {
            throw new TrainingStoppedException(
                $"After {_step} steps the policy could not be measured on held-out prompts: {Reason(e)}",
                e
            );
        }
    }

    /// <summary>Releases the frozen reference. The policy stays whole: it is the caller's.</summary>
    public void Dispose() => _collector.Dispose();

    /// <summary>What a log says about a run of this trainer.</summary>
    /// <param name="steps">Optimiser steps that are asked for.</param>
    public RunHeader Header(int steps) => TrainingPlan.Describe(this, steps);

    /// <summary>The first number of steps asked for is the plan, unless the options name one.</summary>
    internal void Plan(int steps) => PlannedSteps ??= steps;
}
