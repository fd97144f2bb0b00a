namespace UniPo;

/// <summary>Pieces that formulas of group advantages share.</summary>
internal static class GroupFormulas
{
    /// <summary>
    /// The formula of an advantage that compares within the group, with the exception for a lone response where there is one.
    /// </summary>
    public static Expression Alone(LoneResponse lone, Expression alone, Expression compared) =>
        lone == LoneResponse.Zero
            ? compared
            : Expression.Cases(Expression.Relation(Quantities.GroupSize, "=", 1), alone, compared);

    /// <summary>A divisor and the small number that keeps it from being 0.</summary>
    public static Expression Spread(Expression spread, double epsilon) =>
        epsilon == 0 ? spread : spread + Expression.Setting("ε_std", epsilon, "keeps the division finite");
}
