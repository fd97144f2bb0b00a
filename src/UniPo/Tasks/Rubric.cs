using UniPo.Numerics;

namespace UniPo;

/// <summary>What one item of a rubric says of a response.</summary>
/// <param name="Score">How well it is met, in [0, 1].</param>
/// <param name="Confidence">How sure the judge is, in [0, 1]; 1 for a check that cannot err.</param>
/// <param name="Critique">In words; empty for none.</param>
public readonly record struct Judgement(double Score, double Confidence = 1, string Critique = "")
{
    /// <summary>For instance <c>score 0.5, confidence 1: two digits are wrong</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"score {Score:0.####}, confidence {Confidence:0.####}{(string.IsNullOrEmpty(Critique) ? "" : $": {Critique}")}"
        );
}

/// <summary>One thing a good response should be: right, well formed, short …</summary>
/// <remarks>
/// Verifiable items are checked by a program with confidence 1; judged ones come from a critic that may be unsure.
/// </remarks>
public sealed record RubricItem
{
    /// <summary>Short name, unique in its rubric.</summary>
    public required string Name
    {
        get;
        init =>
            field = !string.IsNullOrWhiteSpace(value)
                ? value
                : throw new ArgumentException("An item of a rubric needs a name, but its name was empty.");
    }

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
        return judgement is { Score: >= 0 and <= 1, Confidence: >= 0 and <= 1 }
            ? judgement
            : throw new ArithmeticException(
                FormattableString.Invariant(
                    $"the rubric item '{Name}' judged the response \"{completion.Text}\" to the prompt \"{prompt.Text}\" with the score {judgement.Score} and the confidence {judgement.Confidence}; both must lie in [0, 1]."
                )
            );
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(RubricItem), PrintMembers);
}

/// <summary>Several items by which a response is judged.</summary>
public sealed record Rubric
{
    /// <summary>A rubric of the given items.</summary>
    /// <param name="items">At least one, with names of their own.</param>
    /// <exception cref="ArgumentException">There is no item, two have the same name, or none has an importance.</exception>
    public Rubric(params RubricItem[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Length == 0)
            throw new ArgumentException("A rubric needs at least one item, but none was given.");
        if (items.DistinctBy(i => i.Name).Count() < items.Length)
            throw new ArgumentException(
                $"The items of a rubric need names of their own, but they are {string.Join(", ", items.Select(i => i.Name))}."
            );
        if (items.All(i => i.Importance == 0))
            throw new ArgumentException(
                $"A rubric needs an item of importance above 0, but all of {string.Join(", ", items.Select(i => i.Name))} have 0: every response would score 0."
            );
        Items = [.. items]; // a caller's array could change under a run
    }

    /// <summary>[m] the items.</summary>
    public IReadOnlyList<RubricItem> Items { get; }

    /// <summary>Σ ω_j·s_j / Σ ω_j: the score of a response when confidence does not matter, in [0, 1].</summary>
    public double Score(Prompt prompt, Completion completion)
    {
        var total = Items.Sum(i => i.Importance);
        return Items.Sum(i => i.Importance * i.Checked(prompt, completion).Score) / total;
    }

    /// <summary>For instance <c>format, digits (importance 2)</c>.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            Items.Select(i =>
                i.Importance == 1 ? i.Name : FormattableString.Invariant($"{i.Name} (importance {i.Importance:0.####})")
            )
        );
}
