using UniPo.Numerics;

namespace UniPo;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum Decay
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In a straight line to the floor.</summary>
    Linear,

    /// <summary>Along half a cosine to the floor: slow at first and at the end.</summary>
    Cosine,
}

/// <summary>The learning rate of every step: a linear rise, a plateau, and a fall if one is wanted.</summary>
/// <remarks>
/// AdamW's first step moves every parameter by the full rate whatever the gradient's size, because its moments are still empty.
/// The warm-up keeps that first, noisiest step small.
/// </remarks>
public sealed record LearningRateSchedule
{
    /// <summary>Highest rate, at least 0.</summary>
    public double Peak
    {
        get;
        init => field = Require.NotNegative(value, "LearningRate");
    } = 1e-4;

    /// <summary>Steps of the rise, at least 0: step s of them (from 0) has the rate Peak · (s + 1) / WarmupSteps.</summary>
    public int WarmupSteps
    {
        get;
        init => field = Require.AtLeast(value, 0, nameof(WarmupSteps));
    }

    /// <summary>How the rate falls after the rise.</summary>
    public Decay Decay { get; init; }

    /// <summary>The last rate as a share of the peak, in [0, 1].</summary>
    public double Floor
    {
        get;
        init => field = Require.UnitInterval(value, nameof(Floor));
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Length of the whole run, which decides where a fall ends; beyond it the rate stays at the
    /// floor.</param>
    public double At(int step, int steps)
    {
        if (step < WarmupSteps)
            return Peak * (step + 1) / WarmupSteps;
        var fallen = Math.Clamp((step - WarmupSteps) / (double)Math.Max(1, steps - WarmupSteps), 0, 1);
        return Decay switch
        {
            Decay.Linear => Peak * (Floor + (1 - Floor) * (1 - fallen)),
            Decay.Cosine => Peak * (Floor + (1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * fallen))),
            _ => Peak,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(LearningRateSchedule), PrintMembers);
}
