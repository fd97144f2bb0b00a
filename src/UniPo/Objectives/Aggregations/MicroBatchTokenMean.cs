namespace UniPo;

/// <summary>J = 1/M Σ_m (Σ f_it / Σ n_i within micro-batch m): a mean over tokens that depends on how the batch is cut.</summary>
/// <remarks>
/// TRL <c>bnpo</c>, verl <c>token-mean</c> without global counts, SkyRL <c>token_mean_legacy</c>. On a batch that is not cut it
/// is
/// <see cref="TokenMean"/>; the micro-batches of a cut batch do not add up to that.
/// </remarks>
public sealed record MicroBatchTokenMean : Aggregation
{
    /// <inheritdoc/>
    public override string InWords => "mean over the tokens of each micro-batch, then over micro-batches";

    /// <inheritdoc/>
    public override Expression Formula(Expression term) =>
        1
        / (Expression)Quantities.MicroBatches
        * (1 / Expression.Sum(Over.MicroBatch, Quantities.Length))
        * Expression.Sum(Over.MicroBatch, Expression.Sum(Over.Tokens, term));
}
