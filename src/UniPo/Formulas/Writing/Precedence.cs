namespace UniPo.Formulas;

/// <summary>
/// How tightly a piece holds together, which decides where brackets are needed; the same for all three writers.
/// </summary>
internal static class Precedence
{
    public const int Relation = 0,
        Sum = 1,
        Fold = 2,
        Product = 3,
        Power = 4,
        Atom = 5;

    public static int Of(Expression expression) =>
        expression switch
        {
            AddNode => Sum,
            NegateNode => Sum,
            NumberNode { Value: < 0 } => Sum,
            RelationNode => Relation,
            MultiplyNode product => product.Factors[^1] is FoldNode ? Fold : Product,
            FractionNode => Product,
            FoldNode { Fold: Formulas.Fold.Sum } => Fold,
            FoldNode { Fold: Formulas.Fold.Only } only => Of(only.Body),
            ListedNode { Fold: Formulas.Fold.Sum } => Sum,
            FunctionNode { Function: Function.Power } => Power,
            MarkedNode marked => Of(marked.Body),
            CasesNode => Relation,
            _ => Atom,
        };

    /// <summary>True when this factor of a product needs brackets.</summary>
    public static bool Brackets(MultiplyNode product, int factor)
    {
        var precedence = Of(product.Factors[factor]);
        // The last factor may be an open-ended Σ; an earlier one would swallow what follows.
        return factor == product.Factors.Count - 1 ? precedence < Fold : precedence < Product;
    }

    /// <summary>True when nothing but a space stands between a factor and the one before it.</summary>
    public static bool IsOperator(Expression expression) =>
        expression is FoldNode { Fold: Formulas.Fold.Sum }
        || expression is MultiplyNode product && IsOperator(product.Factors[0])
        || expression is MarkedNode marked && IsOperator(marked.Body);
}
