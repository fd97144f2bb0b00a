using UniPo.Interactive.Hosts;

namespace UniPo.Interactive;

/// <summary>Training that can be watched.</summary>
public static class TrainerExtensions
{
    /// <summary>
    /// Trains and shows the curves while they grow: one output, redrawn at most four times a second, that ends as the finished
    /// curves.
    /// </summary>
    /// <remarks>
    /// Where the host cannot redraw an output, a console line tells the progress. The cell's stop button stops the training
    /// within one step; the steps so far are returned.
    /// </remarks>
    /// <param name="trainer">Takes the steps.</param>
    /// <param name="steps">Optimiser steps, at least 1.</param>
    /// <param name="live">False to train without showing anything.</param>
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite; its Run holds the steps
    /// before.</exception>
    public static TrainingRun Train(this Trainer trainer, int steps, bool live)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!live)
            return trainer.Train(steps);
        var header = trainer.Header(steps);
        var display = LiveDisplay.Open(new LiveCurves(new TrainingRun { Header = header, Steps = [] }, Math.Max(1, steps)));
        var progress = new LiveTraining(
            header,
            steps,
            Throttle.FourASecond(),
            display,
            display is null ? Console.Out : null,
            overwrites: !Console.IsOutputRedirected
        );
        try
        {
            var run = trainer.Train(steps, progress, LiveDisplay.Cancellation());
            progress.Finish(run);
            return run;
        }
        catch (TrainingStoppedException stopped) when (stopped.Run is { } so)
        {
            progress.Finish(so);
            throw;
        }
    }

    /// <summary>Trains, and weighs one fixed group of answers again on the way: what <c>Moment()</c> shows.</summary>
    /// <param name="trainer">Takes the steps.</param>
    /// <param name="steps">Optimiser steps, at least 1.</param>
    /// <param name="prompt">What the group answers.</param>
    /// <param name="group">Answers, sampled before the first step, at least 2.</param>
    /// <param name="moments">How often the group is weighed, before the first step and after the last among them; at least
    /// 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    /// <exception cref="TrainingStoppedException">A reward, a loss or a gradient is not finite.</exception>
    public static FollowedTraining Follow(this Trainer trainer, int steps, Prompt prompt, int group = 16, int moments = 31)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(prompt);
        return FollowedTraining.Of(trainer, steps, prompt, group, moments);
    }
}
