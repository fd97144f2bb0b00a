namespace UniPo;

/// <summary>
/// J = 1/P Σ_g (Σ_{i in g} Σ_t f_it / Σ_{i in g} n_i): mean over the tokens of a prompt's responses, then over prompts.
/// </summary>
/// <remarks>
/// Yu et al. 2025 (DAPO), equation 8, read literally; SkyRL <c>prompt_mean</c>. Needs whole groups in a micro-batch.
/// </remarks>
public sealed record GroupTokenMean : Aggregation
{
    /// <inheritdoc/>
    public override string InWords => "mean over the tokens of all responses to a prompt, then mean over prompts";

    /// <inheritdoc/>
    public override Expression Formula(Expression term) =>
        1
        / (Expression)Quantities.Groups
        * Expression.Sum(
            Over.Groups,
            1
                / Expression.Sum(Over.ResponsesOfGroup, Quantities.Length)
                * Expression.Sum(Over.ResponsesOfGroup, Expression.Sum(Over.Tokens, term))
        );
}
