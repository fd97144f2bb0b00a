namespace UniPo.Interactive;

/// <summary>
/// Which number gets the full colour. Limits are symmetric around neutral, so that equal sizes get equal colours.
/// </summary>
public sealed record TokenRange
{
    private TokenRange(string name) => Name = name;

    /// <summary>How the legend calls it.</summary>
    public string Name { get; }

    /// <summary>The fixed limit, or null.</summary>
    internal double? Limit { get; private init; }

    /// <summary>The run whose steps are looked at, or null.</summary>
    internal TrainingRun? Run { get; private init; }

    /// <summary>The largest number of the tokens of this step, shown or not.</summary>
    public static TokenRange ThisStep { get; } = new("this step");

    /// <summary>A limit of your own, so that several tables can be compared.</summary>
    /// <param name="limit">The number with full colour, finite and &gt; 0. For <see cref="TokenColour.Ratio"/> it is the largest
    /// ratio, &gt; 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive or not finite.</exception>
    public static TokenRange Fixed(double limit) =>
        double.IsFinite(limit) && limit > 0
            ? new TokenRange("fixed") { Limit = limit }
            : throw new ArgumentOutOfRangeException(
                nameof(limit),
                limit,
                $"The limit of a colour range must be a positive number, but was {limit}."
            );

    /// <summary>The largest number of all steps of a run that keep their tokens.</summary>
    public static TokenRange OfRun(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new TokenRange("run") { Run = run };
    }
}
