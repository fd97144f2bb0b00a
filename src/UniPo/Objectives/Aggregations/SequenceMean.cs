using UniPo.Numerics;

namespace UniPo;

/// <summary>J = 1/N Σ_i (1/n_i Σ_t f_it): every response counts the same, so a token of a long response weighs less.</summary>
/// <remarks>
/// Shao et al. 2024 (GRPO), equation 3; verl <c>seq-mean-token-mean</c>, TRL <c>grpo</c>. A long wrong answer is punished less
/// per token than a short one, which is the length bias that DAPO and Dr. GRPO remove.
/// </remarks>
public sealed record SequenceMean : Aggregation
{
    /// <summary>Which responses N counts. Default: all.</summary>
    public CountedRows Rows { get; init; }

    /// <summary>Added to n_i, in tokens; at least 0. Default 0; verl adds 1e-8.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "SequenceMean.Epsilon");
    }

    /// <inheritdoc/>
    public override string InWords => $"mean over the tokens of a response, then mean over {RowsInWords(Rows)}";

    /// <inheritdoc/>
    public override Expression Formula(Expression term)
    {
        Expression length = Quantities.Length;
        if (Epsilon > 0)
            length += Expression.Setting("ε_n", Epsilon, "keeps the division by an empty response finite");
        return PerResponse(Rows, 1 / length * Expression.Sum(Over.Tokens, term));
    }
}
