namespace UniPo.Formulas;

/// <summary>A formula with blanks: what somebody wrote for a part, before it stands in an objective.</summary>
/// <param name="Body">The formula; blanks are the letters of <see cref="Blanks"/>.</param>
internal sealed record Template(Expression Body)
{
    /// <summary>The formula with something else at the place of some letters.</summary>
    public Expression Fill(params (Quantity Blank, Expression Value)[] values) => Fill(Body, values);

    private static Expression Fill(Expression expression, (Quantity Blank, Expression Value)[] values)
    {
        if (expression is QuantityNode { Quantity: var quantity })
            foreach (var (blank, value) in values)
                if (blank == quantity)
                    return value;
        return Tree.Map(expression, e => Fill(e, values));
    }

    /// <summary>True when the other is written alike and its settings have the same values.</summary>
    public bool Equals(Template? other) => other is not null && TreeDifference.SameInside(Body, other.Body);

    /// <inheritdoc/>
    public override int GetHashCode() => PlainWriter.Write(Body).GetHashCode(StringComparison.Ordinal);
}

/// <summary>The letters that stand for what an objective puts in.</summary>
internal static class Blanks
{
    public static Quantity Ratio { get; } = new(new("r", "it"), "importance ratio of the token (or of its response)");

    public static Quantity Advantage { get; } = new(new("A", "it"), "advantage of the token (or of its response)");

    public static Quantity LogRatio { get; } = new(new("d", "it"), "log of the token's ratio, in nats");

    public static Quantity Term { get; } = new(new("f", "it"), "what the token adds to the objective");

    public static Quantity Distance { get; } =
        new(new("u", "it"), "how much likelier the token is than under the reference, in nats");

    public static Quantity Chosen { get; } = new(new("Δ", "w"), "how far the policy has moved on the chosen response, in nats");

    public static Quantity Rejected { get; } =
        new(new("Δ", "l"), "how far the policy has moved on the rejected response, in nats");

    /// <summary>All of them by the name that logs and pages use.</summary>
    public static IReadOnlyDictionary<string, Quantity> ByName { get; } =
        new Dictionary<string, Quantity>
        {
            ["ratio"] = Ratio,
            ["advantage"] = Advantage,
            ["log ratio"] = LogRatio,
            ["term"] = Term,
            ["distance"] = Distance,
            ["chosen"] = Chosen,
            ["rejected"] = Rejected,
        };
}
