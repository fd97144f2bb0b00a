using System.Diagnostics;
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
        _collector = new RolloutCollector(policy, task, Options, Group);
        _update = new PolicyUpdate(policy, Options);
        ObjectiveSettings = new(() =>
            string.Join(", ", objective.Formula.Settings.Select(s => FormattableString.Invariant($"{s.Text} = {s.Value}")))
        );
        BaseFingerprint = TrainingCheckpoint.Fingerprint(policy.Parameters);
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

    /// <summary>Takes optimiser steps, one whenever the next is asked for.</summary>
    /// <param name="steps">At least 1. A rollout gives <see cref="Passes"/> × <see cref="MiniBatches"/> of them.</param>
    /// <param name="cancellation">Ends the sequence before the next step; what was learned stays.</param>
    /// <exception cref="TrainingStoppedException">While enumerating: a reward, a loss or a gradient is not finite.</exception>
    public IEnumerable<TrainingStep> Steps(int steps, CancellationToken cancellation = default)
    {
        Require.AtLeast(steps, 1, "Steps");
        return Take(steps, cancellation);
    }

    /// <summary>Trains, and collects the steps as a run.</summary>
    /// <param name="steps">Optimiser steps, at least 1.</param>
    /// <param name="progress">Is told every step; null for silence.</param>
    /// <param name="cancellation">Stops within one step; the run so far is returned.</param>
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite; its Run holds the steps
    /// before.</exception>
    public TrainingRun Train(int steps, IProgress<TrainingStep>? progress = null, CancellationToken cancellation = default)
    {
        var sequence = Steps(steps, cancellation);
        var run = new TrainingRun
        {
            Header = Header(steps),
            Steps = [],
            Before = Options.MeasureHeldOut ? Measure() : null,
        };
        var taken = new List<TrainingStep>();
        try
        {
            foreach (var step in sequence)
            {
                taken.Add(step);
                progress?.Report(step);
            }
        }
        catch (TrainingStoppedException e)
        {
            throw new TrainingStoppedException(e.Message, e) { Run = run with { Steps = taken, Stopped = e.Message } };
        }
        return run with
        {
            Steps = taken,
            After = Options.MeasureHeldOut ? Measure() : null,
            Stopped = taken.Count < steps ? $"Cancelled after {taken.Count} of {steps} steps." : null,
        };
    }

    /// <summary>How good the policy is now, on prompts that training never sees.</summary>
    public HeldOutAccuracy Measure() => HeldOut.Measure(Policy, Task, Options.Seed, Options.HeldOutPrompts, Options.Temperature);

    /// <summary>Releases the frozen reference. The policy stays whole: it is the caller's.</summary>
    public void Dispose() => _collector.Dispose();

    /// <summary>What a log says about a run of this trainer.</summary>
    /// <param name="steps">Optimiser steps that are asked for.</param>
    public RunHeader Header(int steps) => TrainingPlan.Describe(this, steps);

    // The algorithm, as a paper would box it.
    private IEnumerable<TrainingStep> Take(int steps, CancellationToken cancellation)
    {
        var end = _step + steps;
        while (_step < end && !cancellation.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            _open ??= Begin(); // sample G responses to each prompt, reward and credit them
            var (pass, part) = _open.Next(); // all of them, or a mini-batch
            var update = Stoppable(() => _update.Ascend(Objective, part, _open.IsFresh, _step, end)); // ∇J = Σ w ∇log π, and a step along it
            var step = Describe(update, pass, clock);
            _open.Used(update);
            if (_open.IsUsedUp)
                Close();
            _step++;
            yield return step;
        }
    }

    private OpenRollout Begin()
    {
        var rollout = Stoppable(() => _collector.Collect(Objective, _rollout));
        var credited = Stoppable(() => Objective.Credit(rollout.Batch)); // advantages: once, before the rollout is cut
        return new OpenRollout(
            rollout,
            credited,
            TrainingPlan.Cut(credited.Batch.Layout, Passes, MiniBatches, Options.Seed, _rollout)
        );
    }

    private void Close()
    {
        Objective = Objective.After(_open!.FirstReport!); // a running baseline or an adaptive KL coefficient takes note
        _open = null;
        _rollout++;
    }

    private TrainingStep Describe(Update update, int pass, Stopwatch clock)
    {
        var fresh = _open!.IsFresh ? _open.Rollout : null;
        var metrics = StepMetrics.Of(update, fresh);
        if (Options.EvaluateEvery > 0 && (_step + 1) % Options.EvaluateEvery == 0)
            metrics = StepMetrics.With(metrics, "held_out_accuracy", Accuracy());
        return new TrainingStep
        {
            Step = _step,
            Rollout = _rollout,
            Pass = pass,
            FirstAfterRollout = fresh is not null,
            Metrics = metrics,
            Report = Options.TokensEvery > 0 && _step % Options.TokensEvery == 0 ? update.Report : null,
            Warning = fresh?.Warning,
            Duration = clock.Elapsed,
        };
    }

    /// <summary>The exact probability where the task lists its right responses; else the sampled accuracy.</summary>
    private double Accuracy()
    {
        var accuracy = Measure();
        return accuracy.ExactProbability ?? accuracy.SampledAccuracy;
    }

    /// <summary>A number that is not finite ends training with the step named.</summary>
    private T Stoppable<T>(Func<T> part)
    {
        try
        {
            return part();
        }
        catch (NotFiniteNumberException e)
        {
            throw new TrainingStoppedException(
                $"Training stopped at step {_step}: {e.Message}; {FiniteCheck.Culprit(Policy.Parameters)}. {FiniteCheck.Cause}",
                e
            );
        }
        catch (ArithmeticException e)
        {
            throw new TrainingStoppedException($"Training stopped at step {_step}: {e.Message}", e);
        }
    }
}
