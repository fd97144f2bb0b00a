namespace UniPo;

/// <summary>Something every token's reward pays for: a coefficient times a column, for instance β·KL.</summary>
/// <param name="Column">[ΣT] what is paid for, 0 on masked tokens.</param>
/// <param name="Coefficient">Price of one unit, in reward.</param>
/// <param name="AfterBaseline">True when estimators with a baseline subtract it after the baseline, token by token.</param>
public sealed record TokenPenalty(TokenColumn Column, double Coefficient, bool AfterBaseline = false)
{
    /// <summary>What one token pays, in units of reward.</summary>
    internal double Of(int token) => Coefficient * Column.Values[token];
}
