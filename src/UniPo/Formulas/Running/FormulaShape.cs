namespace UniPo.Formulas;

/// <summary>What a formula is compiled for: where its letters lie, and by which of them it is differentiated.</summary>
internal sealed record FormulaShape
{
    /// <summary>Letters of the formula whose columns are given, by their text: A_i, A_it.</summary>
    public IReadOnlyDictionary<string, Level> Settled { get; init; } = new Dictionary<string, Level>();

    /// <summary>Letters of the batch whose columns or numbers are given instead of being read there.</summary>
    public IReadOnlyDictionary<Quantity, Level> Given { get; init; } = new Dictionary<Quantity, Level>();

    /// <summary>What is learnt: log π_θ, and with it H and V where they are terms of the objective.</summary>
    public IReadOnlySet<Quantity> Moving { get; init; } = new HashSet<Quantity>();

    /// <summary>How many rewards a response has; 0 for one without parts.</summary>
    public int RewardParts { get; init; }

    /// <summary>True when the batch has a reward for every token.</summary>
    public bool DenseRewards { get; init; }
}
