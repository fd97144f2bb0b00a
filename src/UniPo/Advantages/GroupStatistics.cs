namespace UniPo;

/// <summary>Mean and spread of the rewards of one group. NaN marks an unscorable response and is left out.</summary>
internal static class GroupStatistics
{
    public static int Count(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var v in values)
            if (!double.IsNaN(v))
                count++;
        return count;
    }

    public static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var v in values)
            if (!double.IsNaN(v))
                sum += v;
        return sum;
    }

    /// <summary>Mean of the scorable; 0 when there is none.</summary>
    public static double Mean(ReadOnlySpan<double> values) => Sum(values) / Math.Max(Count(values), 1);

    /// <summary>Standard deviation with divisor n − ddof; 0 when that divisor is not positive.</summary>
    public static double Std(ReadOnlySpan<double> values, int ddof)
    {
        var count = Count(values);
        if (count <= ddof)
            return 0;
        var mean = Mean(values);
        var squares = 0.0;
        foreach (var v in values)
            if (!double.IsNaN(v))
                squares += (v - mean) * (v - mean);
        return Math.Sqrt(squares / (count - ddof));
    }

    /// <summary>
    /// The formula of an advantage that compares within the group, with the exception for a lone response where there is one.
    /// </summary>
    public static Expression Alone(LoneResponse lone, Expression alone, Expression compared) =>
        lone == LoneResponse.Zero
            ? compared
            : Expression.Cases(Expression.Relation(Quantities.GroupSize, "=", 1), alone, compared);

    /// <summary>A divisor and the small number that keeps it from being 0.</summary>
    public static Expression Spread(Expression spread, double epsilon) =>
        epsilon == 0 ? spread : spread + Expression.Setting(new("ε", "", "std"), epsilon, "keeps the division finite");

    /// <summary>True when all rewards are the same number, so that nothing can be learnt from comparing them.</summary>
    public static bool AllEqual(ReadOnlySpan<double> values)
    {
        foreach (var v in values)
            if (v != values[0])
                return false;
        return true;
    }
}
