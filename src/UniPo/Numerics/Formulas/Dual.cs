namespace UniPo.Numerics;

/// <summary>A number and its derivative: calculating with both at once differentiates a formula exactly, kinks included.</summary>
internal readonly record struct Dual(double Value, double Slope = 0)
{
    public static implicit operator Dual(double value) => new(value);

    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, a.Slope * b.Value + a.Value * b.Slope);

    public static Dual operator /(Dual a, Dual b) => new(a.Value / b.Value, (a.Slope - a.Value / b.Value * b.Slope) / b.Value);

    /// <summary>A function of this number, given its value and derivative there.</summary>
    public Dual Map(double value, double derivative) => new(value, Slope == 0 ? 0 : derivative * Slope);
}
