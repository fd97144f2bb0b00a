namespace UniPo;

/// <summary>
/// Training cannot go on: a reward, a loss or a gradient is not a number any more. What was trained before is kept in
/// <see cref="Run"/>.
/// </summary>
public sealed class TrainingStoppedException : Exception
{
    /// <summary>Training stopped for a reason.</summary>
    /// <param name="message">The step, what was wrong there, and its likely cause.</param>
    /// <param name="inner">The error behind it; null when there is none.</param>
    public TrainingStoppedException(string message, Exception? inner = null)
        : base(message, inner) { }

    /// <summary>
    /// The steps taken before it stopped; null when the exception came straight from <see cref="Trainer.Steps"/>.
    /// </summary>
    public TrainingRun? Run { get; init; }
}
