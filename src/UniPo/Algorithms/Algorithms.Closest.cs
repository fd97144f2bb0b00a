namespace UniPo;

public static partial class Algorithms
{
    /// <summary>The algorithm that shares most parts with an objective, and which parts differ.</summary>
    /// <param name="objective">Any objective, for instance one made of parts.</param>
    /// <returns>The nearest of <see cref="All"/>; among equals the one taught first.</returns>
    /// <example><code>Algorithms.Closest(Algorithms.Grpo with { Clip = new Clip(0.2, 0.28) }).Parts</code></example>
    public static ObjectiveDifference Closest(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return All.Select(a => a.Against(objective)).MinBy(d => d.Parts.Count(p => p.Differs))!;
    }
}
