using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019), uphill: it moves parameters along the gradient of an objective that is maximised.
/// </summary>
/// <remarks>
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← (1 − η·λ)θ + η · m̂ / (√v̂ + ε), where m̂ and v̂ are corrected for their start at
/// 0. Weight decay λ is decoupled: it shrinks weights directly and does not pass through the moments.
/// </remarks>
public sealed class AdamW
{
    private readonly float[] _mean,
        _square;

    /// <summary>An optimiser for a number of parameters, with moments at 0.</summary>
    /// <param name="parameters">Number of parameters, at least 1.</param>
    public AdamW(int parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters, 1);
        (_mean, _square) = (new float[parameters], new float[parameters]);
    }

    /// <summary>Memory β₁ of the mean gradient, in [0, 1).</summary>
    public double Beta1
    {
        get;
        init => field = Within(value, 0, 1, nameof(Beta1));
    } = 0.9;

    /// <summary>Memory β₂ of the mean squared gradient, in [0, 1).</summary>
    public double Beta2
    {
        get;
        init => field = Within(value, 0, 1, nameof(Beta2));
    } = 0.999;

    /// <summary>ε, added to the root, &gt; 0.</summary>
    public double Epsilon
    {
        get;
        init =>
            field =
                value > 0 && double.IsFinite(value)
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(Epsilon),
                        FormattableString.Invariant($"Epsilon must be a finite number above 0, but was {value}.")
                    );
    } = 1e-8;

    /// <summary>Weight decay λ per unit of learning rate, in [0, 1).</summary>
    public double WeightDecay
    {
        get;
        init => field = Within(value, 0, 1, nameof(WeightDecay));
    } = 0.01;

    /// <summary>Steps taken so far; the correction of the moments depends on it.</summary>
    public int Steps { get; private set; }

    /// <summary>[N] first moments, the running mean of the gradient.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>[N] second moments, the running mean of the squared gradient.</summary>
    public ReadOnlySpan<float> Square => _square;

    /// <summary>Where it computes. Changes speed, never results.</summary>
    public Compute Compute { get; init; } = Compute.Shared;

    /// <summary>Goes on from stored moments.</summary>
    /// <param name="steps">Steps taken when they were stored, at least 0.</param>
    /// <param name="mean">[N] first moments.</param>
    /// <param name="square">[N] second moments, each at least 0.</param>
    /// <exception cref="ArgumentException">A number of moments differs from the number of parameters, or one is not
    /// finite.</exception>
    public void Restore(int steps, ReadOnlySpan<float> mean, ReadOnlySpan<float> square)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (mean.Length != _mean.Length || square.Length != _square.Length)
            throw new ArgumentException(
                $"This optimiser has {_mean.Length} parameters, but {mean.Length} first and {square.Length} second moments were given."
            );
        RequireMoments(mean, square);
        mean.CopyTo(_mean);
        square.CopyTo(_square);
        Steps = steps;
    }

    /// <exception cref="ArgumentException">A moment is not finite, or a second moment is negative.</exception>
    internal static void RequireMoments(ReadOnlySpan<float> mean, ReadOnlySpan<float> square)
    {
        foreach (var value in mean)
            if (!float.IsFinite(value))
                throw new ArgumentException(FormattableString.Invariant($"First moments must be finite, but one was {value}."));
        foreach (var value in square)
            if (!(float.IsFinite(value) && value >= 0))
                throw new ArgumentException(
                    FormattableString.Invariant($"Second moments must be finite and at least 0, but one was {value}.")
                );
    }

    /// <summary>Clips the gradient to a norm, moves the parameters along it, and sets it to zero.</summary>
    /// <param name="parameters">Parameters and gradient.</param>
    /// <param name="learningRate">η of this step, finite and at least 0.</param>
    /// <param name="maxNorm">Largest Euclidean norm of the whole gradient, &gt; 0; infinity for no clipping.</param>
    /// <returns>The gradient's norm before clipping. When it is not finite nothing is changed: the caller decides what to
    /// report.</returns>
    /// <exception cref="ArgumentException">The number of parameters differs.</exception>
    public double Step(ParameterSet parameters, double learningRate, double maxNorm = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count != _mean.Length)
            throw new ArgumentException($"This optimiser has {_mean.Length} parameters, but {parameters.Count} were given.");
        if (!(learningRate >= 0 && double.IsFinite(learningRate)))
            throw new ArgumentOutOfRangeException(
                nameof(learningRate),
                FormattableString.Invariant($"The learning rate must be a finite number of at least 0, but was {learningRate}.")
            );
        if (!(maxNorm > 0))
            throw new ArgumentOutOfRangeException(
                nameof(maxNorm),
                FormattableString.Invariant($"The largest gradient norm must be above 0, but was {maxNorm}.")
            );
        var norm = GradientNorm(parameters);
        if (!double.IsFinite(norm))
            return norm;
        Steps++;
        Move(
            parameters,
            new AdamWStep(
                GradientScale: norm > maxNorm ? (float)(maxNorm / norm) : 1f,
                Beta1: (float)Beta1,
                Beta2: (float)Beta2,
                Rate: (float)(learningRate / (1 - Math.Pow(Beta1, Steps))),
                InverseRootOfCorrection2: (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps))),
                Epsilon: (float)Epsilon,
                Decay: (float)(1 - (learningRate * WeightDecay))
            )
        );
        Array.Clear(parameters.Gradient);
        return norm;
    }

    /// <summary>Euclidean norm of the whole gradient.</summary>
    public unsafe double GradientNorm(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        fixed (float* gradient = parameters.Gradient)
            return Math.Sqrt(Compute.Kernels.SumOfSquares(gradient, parameters.Count));
    }

    private unsafe void Move(ParameterSet parameters, in AdamWStep step)
    {
        fixed (
            float* values = parameters.Values,
                gradient = parameters.Gradient,
                mean = _mean,
                square = _square
        )
            Compute.Kernels.AdamW(values, gradient, mean, square, parameters.Count, step);
    }

    private static double Within(double value, double low, double high, string name) =>
        value >= low && value < high
            ? value
            : throw new ArgumentOutOfRangeException(
                name,
                FormattableString.Invariant($"{name} must lie in [{low}, {high}), but was {value}.")
            );
}
