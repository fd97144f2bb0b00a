namespace UniPo.Numerics;

/// <summary>Solves H·x = g for a symmetric positive definite H that is known only by what it does to a vector.</summary>
/// <remarks>
/// Hestenes and Stiefel 1952; the form of Spinning Up's TRPO, whose ε keeps a vanishing curvature from dividing by zero.
/// </remarks>
internal static class ConjugateGradient
{
    /// <summary>An approximate solution, starting from 0.</summary>
    /// <param name="times">v → H·v, [n] to [n].</param>
    /// <param name="right">[n] g.</param>
    /// <param name="iterations">Largest number of steps, at least 1; n steps solve exactly up to rounding.</param>
    /// <param name="epsilon">Added to the curvature pᵀHp; at least 0.</param>
    /// <returns>[n] x.</returns>
    public static double[] Solve(Func<double[], double[]> times, double[] right, int iterations, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(right);
        Require.AtLeast(iterations, 1, "The number of conjugate-gradient iterations");
        var solution = new double[right.Length];
        double[] residual = [.. right],
            direction = [.. right];
        var squared = Dot(residual, residual);
        for (var k = 0; k < iterations && squared > 0; k++)
        {
            var curved = times(direction);
            var step = squared / (Dot(direction, curved) + epsilon);
            for (var i = 0; i < right.Length; i++)
            {
                solution[i] += step * direction[i];
                residual[i] -= step * curved[i];
            }
            var before = squared;
            squared = Dot(residual, residual);
            for (var i = 0; i < right.Length; i++)
                direction[i] = residual[i] + squared / before * direction[i];
        }
        return solution;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
