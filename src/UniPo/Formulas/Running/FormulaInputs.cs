namespace UniPo.Formulas;

/// <summary>What a formula's letters stand for in one batch.</summary>
internal sealed record FormulaInputs
{
    /// <summary>The responses; masks already applied.</summary>
    public RolloutBatch Batch { get; init; } = null!; // a formula over given columns alone needs only a layout

    /// <summary>The counts of the whole rollout, of which the batch may be a part.</summary>
    public BatchTotals Totals { get; init; } = new();

    /// <summary>The pairs of a preference objective.</summary>
    public IReadOnlyList<ResponsePair> Pairs { get; init; } = [];

    /// <summary>[K] weight of each reward part; null to weigh all by 1.</summary>
    public IReadOnlyList<double>? PartWeights { get; init; }

    /// <summary>
    /// Columns by <see cref="Quantity"/>, or by the text of a defined letter, that were settled or chosen before: advantages, the
    /// tokens that a covariance rule picks, rewards that were weighed or held in bounds.
    /// </summary>
    public IReadOnlyDictionary<object, TokenColumn> Columns { get; init; } = new Dictionary<object, TokenColumn>();

    /// <summary>Single numbers that the batch does not know, such as the entropy a token must reach to learn.</summary>
    public IReadOnlyDictionary<Quantity, double> Numbers { get; init; } = new Dictionary<Quantity, double>();

    /// <summary>Where the responses lie.</summary>
    public TokenLayout Layout
    {
        get => field ?? Batch.Layout;
        init;
    }
}
