namespace UniPo;

/// <summary>Sets objectives against each other.</summary>
public static class ObjectiveDifferences
{
    /// <summary>What differs between two objectives.</summary>
    /// <param name="first">One objective.</param>
    /// <param name="second">The other.</param>
    /// <example><code>Algorithms.Grpo.Against(Algorithms.Grpo with { Clip = new Clip(0.2, 0.28) })</code></example>
    public static ObjectiveDifference Against(this Objective first, Objective second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new ObjectiveDifference(first, second);
    }
}
