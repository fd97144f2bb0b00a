namespace UniPo;

/// <summary>Mean and spread of the rewards of one group.</summary>
internal static class GroupStatistics
{
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var v in values) sum += v;
        return sum / values.Length;
    }

    /// <summary>Standard deviation with divisor n − ddof; 0 when that divisor is not positive.</summary>
    public static double Std(ReadOnlySpan<double> values, int ddof)
    {
        if (values.Length <= ddof) return 0;
        var mean = Mean(values);
        var squares = 0.0;
        foreach (var v in values) squares += (v - mean) * (v - mean);
        return Math.Sqrt(squares / (values.Length - ddof));
    }

    /// <summary>The formula of an advantage that compares within the group, with the exception for a lone response where there is one.</summary>
    public static Expression Alone(LoneResponse lone, Expression alone, Expression compared) => lone == LoneResponse.Zero
        ? compared
        : Expression.Cases(Expression.Relation(Quantities.GroupSize, "=", 1), alone, compared);

    /// <summary>True when all rewards are the same number, so that nothing can be learnt from comparing them.</summary>
    public static bool AllEqual(ReadOnlySpan<double> values)
    {
        foreach (var v in values)
            if (v != values[0]) return false;
        return true;
    }
}

/// <summary>What happens to a prompt with a single response, which has no one to be compared with.</summary>
public enum LoneResponse
{
    /// <summary>A = 0: nothing is learnt from it (TRL asks for groups of two or more; verl's <c>rloo_vectorized</c>).</summary>
    Zero,

    /// <summary>A = R: its mean is taken as 0 and its spread as 1 (verl and SkyRL <c>grpo</c>).</summary>
    Reward,
}
