namespace UniPo;

/// <summary>A closed interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end, at least <paramref name="Low"/>.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Its upper end.</summary>
    public double High { get; } =
        Numerics.Require.That(
            High,
            High >= Low,
            "Interval.High",
            FormattableString.Invariant($"be at least Interval.Low ({Low})")
        );

    /// <summary>The nearest number of the interval.</summary>
    public double Hold(double value) => Math.Clamp(value, Low, High);

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(Interval), PrintMembers);
}
