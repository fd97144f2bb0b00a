namespace UniPo.Formulas;

/// <summary>
/// A number and its derivative: calculating with both at once differentiates a formula exactly, kinks included.
/// </summary>
internal readonly record struct Dual(double Value, double Slope = 0)
{
    public static implicit operator Dual(double value) => new(value);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, Scaled(a.Slope, b.Value) + Scaled(b.Slope, a.Value));

    public static Dual operator /(Dual a, Dual b) =>
        new(a.Value / b.Value, Scaled(a.Slope, 1 / b.Value) - Scaled(b.Slope, a.Value / b.Value / b.Value));

    /// <summary>A function of this number, given its value and derivative there.</summary>
    public Dual Map(double value, double derivative) => new(value, Scaled(Slope, derivative));

    // A constant stays one, whatever it is multiplied by: 0·∞ is 0 here.
    private static double Scaled(double slope, double factor) => slope == 0 ? 0 : slope * factor;
}
