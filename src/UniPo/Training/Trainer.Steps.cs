using System.Diagnostics;

namespace UniPo;

public sealed partial class Trainer
{
    // The algorithm, as a paper would box it.
    private IEnumerable<TrainingStep> Take(int steps, CancellationToken cancellation)
    {
        var end = _step + steps;
        while (_step < end && !cancellation.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            _open ??= Begin(); // sample G responses to each prompt, reward and credit them
            var (pass, part) = _open.Next(); // all of them, or a mini-batch
            var update = Stoppable(() => _update.Ascend(Objective, part, _open.IsFresh, _step, PlannedSteps!.Value)); // ∇J = Σ w ∇log π, and a step along it
            var (step, fault) = Measured(Describe(update, pass, clock));
            _open.Used(update);
            if (_open.IsUsedUp)
                Close();
            _step++;
            Policy.Parameters.TrainedSteps++;
            yield return step;
            if (fault is not null)
                throw fault; // the step itself was taken; only its measurement failed
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
        return new TrainingStep
        {
            Step = _step,
            Rollout = _rollout,
            Pass = pass,
            FirstAfterRollout = fresh is not null,
            Metrics = metrics,
            Report = Options.TokensEvery > 0 && _step % Options.TokensEvery == 0 ? update.Report : null,
            Warnings = _watch.See(_step, metrics, fresh, update.Report),
            Duration = clock.Elapsed,
        };
    }

    /// <summary>The step with its held-out accuracy, where it is due; and what went wrong when it was measured.</summary>
    private (TrainingStep Step, TrainingStoppedException? Fault) Measured(TrainingStep step)
    {
        if (Options.EvaluateEvery == 0 || (step.Step + 1) % Options.EvaluateEvery != 0)
            return (step, null);
        try
        {
            var accuracy = Measure();
            var value = accuracy.ExactProbability ?? accuracy.SampledAccuracy; // exact where the task lists its right responses
            return (step with { Metrics = StepMetrics.With(step.Metrics, "held_out_accuracy", value) }, null);
        }
        catch (TrainingStoppedException e)
        {
            return (step, e);
        }
    }

    /// <summary>Whatever goes wrong in a step ends training with the step named.</summary>
    private T Stoppable<T>(Func<T> part)
    {
        try
        {
            return part();
        }
        catch (ArgumentException) when (_step == 0)
        {
            throw; // objective, task and policy do not fit together: there is no run yet
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new TrainingStoppedException($"Training stopped at step {_step}: {Reason(e)}", e);
        }
    }

    /// <summary>What a run says that somebody else's code ended between two steps.</summary>
    internal static string Interrupted(int taken, Exception fault) =>
        $"Training stopped after {taken} steps: what is told of each step threw {fault.GetType().Name}: {fault.Message}";

    private string Reason(Exception fault) =>
        fault switch
        {
            NotFiniteNumberException => $"{fault.Message}; {FiniteCheck.Culprit(Policy.Parameters)}. {FiniteCheck.Cause}",
            TaskFaultException or ArithmeticException => fault.Message,
            _ => $"{fault.GetType().Name}: {fault.Message}",
        };
}
