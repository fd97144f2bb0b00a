using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// J = 1/N Σ_i (1/L Σ_t f_it) with a constant L: the length of a response no longer changes what its tokens weigh.
/// </summary>
/// <remarks>
/// Liu et al. 2025 (Dr. GRPO): the paper drops 1/n_i, its code divides by the longest response allowed instead, as do TRL
/// <c>dr_grpo</c>
/// (<c>max_completion_length</c>) and verl <c>seq-mean-token-sum-norm</c> (<c>loss_scale_factor</c>).
/// </remarks>
public sealed record ConstantLength : Aggregation
{
    /// <summary>
    /// The constant L in tokens, at least 1; null for the longest response allowed (<see cref="RolloutBatch.MaxTokens"/>), or,
    /// where a batch does not know it, its longest response (verl's default, which changes from batch to batch).
    /// </summary>
    public double? Length
    {
        get;
        init => field = value is { } v ? Require.AtLeast(v, 1, "ConstantLength.Length") : null;
    }

    /// <summary>Which responses N counts. Default: all.</summary>
    public CountedRows Rows { get; init; }

    /// <inheritdoc/>
    public override string InWords =>
        FormattableString.Invariant(
            $"sum over the tokens of a response divided by {(Length is { } l ? FormattableString.Invariant($"the constant {l}") : "the longest response allowed")}, then mean over {RowsInWords(Rows)}"
        );

    /// <inheritdoc/>
    public override Expression Formula(Expression term) =>
        PerResponse(
            Rows,
            1
                / (
                    Length is { } l
                        ? Expression.Setting("L", l, "constant by which every response is divided, in tokens")
                        : (Expression)Quantities.MaxLength
                )
                * Expression.Sum(Over.Tokens, term)
        );
}
