namespace UniPo.Formulas;

/// <summary>Walks expressions without knowing what they mean.</summary>
internal static class Tree
{
    /// <summary>The pieces an expression is made of; a defined letter's own line counts as one.</summary>
    public static IEnumerable<Expression> Children(Expression expression) =>
        expression switch
        {
            DefinitionNode definition => [definition.Body],
            AddNode sum => sum.Terms,
            NegateNode negated => [negated.Body],
            MultiplyNode product => product.Factors,
            FractionNode fraction => [fraction.Numerator, fraction.Denominator],
            FunctionNode function => function.Arguments,
            RelationNode relation => [relation.Left, relation.Right],
            CasesNode cases => [cases.Condition, cases.Then, cases.Otherwise],
            FoldNode fold => [fold.Body],
            NamedNode named => named.Arguments,
            ListedNode listed => listed.Elements,
            MarkedNode marked => [marked.Body],
            _ => [],
        };

    /// <summary>True when a quantity occurs anywhere inside.</summary>
    public static bool Uses(Expression expression, Quantity quantity) =>
        expression is QuantityNode node && node.Quantity == quantity || Children(expression).Any(c => Uses(c, quantity));

    /// <summary>
    /// What stands before a term in nested sums of it: 1/N · 1/n_i for 1/N Σ_i 1/n_i Σ_t f_it; 1 for a plain sum, null if the
    /// term is not there.
    /// </summary>
    public static Expression? FactorOf(Expression sum, Expression term)
    {
        if (ReferenceEquals(sum, term))
            return 1;
        if (sum is FoldNode { Fold: Fold.Sum } fold)
            return FactorOf(fold.Body, term);
        if (sum is not MultiplyNode product || FactorOf(product.Factors[^1], term) is not { } last)
            return null;
        var factors = product.Factors.SkipLast(1).Aggregate((a, b) => a * b);
        return last is NumberNode { Value: 1 } ? factors : factors * last;
    }

    /// <summary>The same expression with each of its pieces replaced.</summary>
    public static Expression Map(Expression expression, Func<Expression, Expression> piece) =>
        expression switch
        {
            DefinitionNode definition => definition with { Body = piece(definition.Body) },
            AddNode sum => new AddNode([.. sum.Terms.Select(piece)]),
            NegateNode negated => new NegateNode(piece(negated.Body)),
            MultiplyNode product => new MultiplyNode([.. product.Factors.Select(piece)]),
            FractionNode fraction => new FractionNode(piece(fraction.Numerator), piece(fraction.Denominator)),
            FunctionNode function => function with { Arguments = [.. function.Arguments.Select(piece)] },
            RelationNode relation => relation with { Left = piece(relation.Left), Right = piece(relation.Right) },
            CasesNode cases => new CasesNode(piece(cases.Condition), piece(cases.Then), piece(cases.Otherwise)),
            FoldNode fold => fold with { Body = piece(fold.Body) },
            NamedNode named => named with { Arguments = [.. named.Arguments.Select(piece)] },
            ListedNode listed => listed with { Elements = [.. listed.Elements.Select(piece)] },
            MarkedNode marked => marked with { Body = piece(marked.Body) },
            _ => expression,
        };
}
