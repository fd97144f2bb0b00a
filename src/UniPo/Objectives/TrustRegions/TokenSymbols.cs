namespace UniPo;

/// <summary>What a trust region's formula is written with.</summary>
/// <param name="Ratio">r_it, or s_i of the response.</param>
/// <param name="Advantage">A_i or A_it.</param>
/// <param name="LogProb">log π_θ of the token.</param>
/// <param name="OldLogProb">log π_old of the token.</param>
public sealed record TokenSymbols(Expression Ratio, Expression Advantage, Expression LogProb, Expression OldLogProb);
