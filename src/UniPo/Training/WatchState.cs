using System.Globalization;

namespace UniPo;

/// <summary>What there is to see in one rollout.</summary>
internal readonly record struct Glance
{
    /// <summary>Mean reward.</summary>
    public required double Mean { get; init; }

    /// <summary>Lowest reward.</summary>
    public required double Lowest { get; init; }

    /// <summary>Standard deviation of the rewards of all responses.</summary>
    public required double Spread { get; init; }

    /// <summary>Mean entropy in nats; NaN when not measured.</summary>
    public required double Entropy { get; init; }

    /// <summary>Every reward is exactly 0.</summary>
    public required bool AllZero { get; init; }

    /// <summary>No group has different rewards, and that leaves no advantage.</summary>
    public required bool Silent { get; init; }

    /// <summary>The gradient is exactly 0.</summary>
    public required bool NoGradient { get; init; }

    /// <summary>All responses are equally long.</summary>
    public required bool SameLength { get; init; }
}

/// <summary>What a run's watch remembers from rollout to rollout.</summary>
internal sealed record WatchState
{
    /// <summary>Rollouts that say how the run started.</summary>
    private const int Start = 3;

    private int Rollouts { get; init; }

    /// <summary>Mean reward of the first rollouts.</summary>
    public double StartMean { get; private init; }

    /// <summary>Mean entropy of the first rollouts, in nats.</summary>
    public double StartEntropy { get; private init; }

    private double StartSpread { get; init; }

    private double StartLowest { get; init; } = double.PositiveInfinity;

    /// <summary>Mean reward of the last rollout.</summary>
    public double LastMean { get; private init; } = double.PositiveInfinity;

    /// <summary>Entropy of the last rollout, in nats.</summary>
    public double LastEntropy { get; private init; } = double.NaN;

    private double MeanBefore { get; init; } = double.PositiveInfinity;

    /// <summary>Rollouts in a row whose rewards were all 0.</summary>
    public int Zero { get; private init; }

    /// <summary>Rollouts in a row without any signal.</summary>
    public int Silent { get; private init; }

    /// <summary>Rollouts in a row without gradient.</summary>
    public int NoGradient { get; private init; }

    /// <summary>Rollouts in a row with responses of one length.</summary>
    public int SameLength { get; private init; }

    /// <summary>What was said already.</summary>
    public IReadOnlyList<string> Said { get; init; } = [];

    /// <summary>The state after one more rollout.</summary>
    public WatchState After(Glance glance)
    {
        var isStart = Rollouts < Start;
        double Mean(double before, double value) => isStart ? before + (value - before) / (Rollouts + 1) : before;
        static int Row(int before, bool holds) => holds ? before + 1 : 0;
        return this with
        {
            Rollouts = Rollouts + 1,
            StartMean = Mean(StartMean, glance.Mean),
            StartEntropy = Mean(StartEntropy, glance.Entropy),
            StartSpread = Mean(StartSpread, glance.Spread),
            StartLowest = isStart ? Math.Min(StartLowest, glance.Lowest) : StartLowest,
            MeanBefore = LastMean,
            LastMean = glance.Mean,
            LastEntropy = glance.Entropy,
            Zero = Row(Zero, glance.AllZero),
            Silent = Row(Silent, glance.Silent),
            NoGradient = Row(NoGradient, glance.NoGradient),
            SameLength = Row(SameLength, glance.SameLength),
        };
    }

    /// <summary>
    /// True when the reward of two rollouts in a row is far below that of the start: by half the spread of single rewards, more than
    /// half of the way down to the worst, and by four standard errors.
    /// </summary>
    /// <param name="responses">Responses of a rollout.</param>
    public bool IsCollapsed(int responses)
    {
        if (Rollouts < Start + 2)
            return false;
        var bound = Math.Min(StartMean - StartSpread * Math.Max(0.5, 4 / Math.Sqrt(responses)), (StartMean + StartLowest) / 2);
        return Math.Max(LastMean, MeanBefore) < bound;
    }

    /// <summary>All of it in a line, to be stored.</summary>
    public override string ToString() =>
        string.Join(
            ' ',
            new double[]
            {
                Rollouts,
                StartMean,
                StartEntropy,
                StartSpread,
                StartLowest,
                LastMean,
                LastEntropy,
                MeanBefore,
                Zero,
                Silent,
                NoGradient,
                SameLength,
            }
                .Select(n => n.ToString("R", CultureInfo.InvariantCulture))
                .Concat(Said)
        );

    /// <summary>What <see cref="ToString"/> gave.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static WatchState Parse(string text)
    {
        const int Numbers = 12;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[Numbers];
        for (var i = 0; i < Numbers; i++)
            if (i >= words.Length || !double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                throw new FormatException(
                    $"what it says of the warnings of its run must be {Numbers} numbers and words, but was '{text}'."
                );
        return new WatchState
        {
            Rollouts = Count(numbers[0]),
            StartMean = numbers[1],
            StartEntropy = numbers[2],
            StartSpread = numbers[3],
            StartLowest = numbers[4],
            LastMean = numbers[5],
            LastEntropy = numbers[6],
            MeanBefore = numbers[7],
            Zero = Count(numbers[8]),
            Silent = Count(numbers[9]),
            NoGradient = Count(numbers[10]),
            SameLength = Count(numbers[11]),
            Said = words[Numbers..],
        };
    }

    private static int Count(double number) =>
        number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw new FormatException(
                FormattableString.Invariant($"a count of rollouts must be at least 0, but was {number}.")
            );
}
