namespace UniPo.Torch;

/// <summary>How rotary frequencies are stretched for contexts longer than those of pretraining.</summary>
public abstract record RopeScaling
{
    private RopeScaling() { }

    /// <summary>The changed frequency.</summary>
    /// <param name="frequency">Angle per position, in radians.</param>
    public abstract double Apply(double frequency);

    /// <summary>All frequencies divided by one factor (position interpolation; Chen et al. 2023).</summary>
    /// <param name="Factor">&gt; 0.</param>
    public sealed record Linear(double Factor) : RopeScaling
    {
        /// <inheritdoc/>
        public override double Apply(double frequency) => frequency / Factor;
    }

    /// <summary>Slow frequencies divided, fast ones kept, those between mixed (Llama 3.1).</summary>
    /// <param name="Factor">Divides the slow ones, &gt; 0.</param>
    /// <param name="LowFrequencyFactor">A frequency is slow when fewer than this many of its turns fit the original context.</param>
    /// <param name="HighFrequencyFactor">It is fast when more than this many fit; greater than the low factor.</param>
    /// <param name="OriginalContext">The context of pretraining, in tokens.</param>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, double OriginalContext)
        : RopeScaling
    {
        /// <inheritdoc/>
        public override double Apply(double frequency)
        {
            var turns = OriginalContext * frequency / (2 * Math.PI);
            var kept = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
            return ((1 - kept) * frequency / Factor) + (kept * frequency);
        }
    }
}
