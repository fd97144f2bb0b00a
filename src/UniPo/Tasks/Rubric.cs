using UniPo.Numerics;

namespace UniPo;

/// <summary>What one item of a rubric says of a response.</summary>
/// <param name="Score">How well it is met, in [0, 1].</param>
/// <param name="Confidence">How sure the judge is, in [0, 1]; 1 for a check that cannot err.</param>
/// <param name="Critique">In words; empty for none.</param>
public readonly record struct Judgement(double Score, double Confidence = 1, string Critique = "");

/// <summary>One thing a good response should be: right, well formed, short …</summary>
/// <remarks>
/// Verifiable items are checked by a program with confidence 1; judged ones come from a critic that may be unsure.
/// </remarks>
public sealed record RubricItem
{
    /// <summary>Short name, unique in its rubric.</summary>
    public required string Name { get; init; }

    /// <summary>Judges one response.</summary>
    public required Func<Prompt, Completion, Judgement> Judge { get; init; }

    /// <summary>ω: how much the item matters, whatever the judge's confidence; at least 0. Default 1.</summary>
    public double Importance
    {
        get;
        init => field = Require.NotNegative(value, "RubricItem.Importance");
    } = 1;

    internal Judgement Checked(Prompt prompt, Completion completion)
    {
        var judgement = Judge(prompt, completion);
        Require.UnitInterval(judgement.Score, $"The score of rubric item '{Name}'");
        Require.UnitInterval(judgement.Confidence, $"The confidence of rubric item '{Name}'");
        return judgement;
    }
}

/// <summary>Several items by which a response is judged.</summary>
public sealed record Rubric
{
    /// <summary>A rubric of the given items.</summary>
    /// <param name="items">At least one, with names of their own.</param>
    /// <exception cref="ArgumentException">There is no item, or two have the same name.</exception>
    public Rubric(params RubricItem[] items)
    {
        if (items.Length == 0)
            throw new ArgumentException("A rubric needs at least one item, but none was given.");
        if (items.DistinctBy(i => i.Name).Count() < items.Length)
            throw new ArgumentException(
                $"The items of a rubric need names of their own, but they are {string.Join(", ", items.Select(i => i.Name))}."
            );
        Items = items;
    }

    /// <summary>[m] the items.</summary>
    public IReadOnlyList<RubricItem> Items { get; }

    /// <summary>Σ ω_j·s_j / Σ ω_j: the score of a response when confidence does not matter, in [0, 1].</summary>
    public double Score(Prompt prompt, Completion completion)
    {
        var total = Items.Sum(i => i.Importance);
        return total == 0 ? 0 : Items.Sum(i => i.Importance * i.Checked(prompt, completion).Score) / total;
    }
}
