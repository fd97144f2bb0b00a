namespace UniPo.Formulas;

/// <summary>
/// Puts the numbers of one place into an expression: letters become values, sums are written out, the winning branch is marked.
/// </summary>
internal static class Binder
{
    /// <summary>Longest list that is written out in full.</summary>
    private const int Most = 8;

    public static Expression Bind(Expression expression, IFormulaScope scope)
    {
        Expression In(Expression e) => Bind(e, scope);
        switch (expression)
        {
            case NumberNode:
                return expression;
            case SettingNode setting:
                return setting.Value;
            case QuantityNode or DefinitionNode:
                return Measured(Calculator.At(expression, scope).Value);
            case CasesNode cases:
                return In(Calculator.Chosen(cases, scope));
            case FoldNode fold:
                return FoldUp(fold, scope);
            case FunctionNode { Function: Function.Min or Function.Max } choice:
                return Choose(choice, scope);
            case AddNode or MultiplyNode or FractionNode or FunctionNode when IsConstant(expression):
                return Measured(Calculator.At(expression, scope).Value);
            default:
                return Tree.Map(expression, In);
        }
    }

    /// <summary>A number as it was measured: written with four digits.</summary>
    public static Expression Measured(double value) => new NumberNode(value) { Measured = true };

    private static Expression Choose(FunctionNode choice, IFormulaScope scope)
    {
        var winner = Calculator.Winner(choice, scope);
        return choice with
        {
            Arguments =
            [
                .. choice.Arguments.Select((a, n) => n == winner ? new MarkedNode(Mark.Won, Bind(a, scope)) : Bind(a, scope)),
            ],
        };
    }

    private static Expression FoldUp(FoldNode fold, IFormulaScope scope)
    {
        var places = scope.Each(fold.Range).ToArray();
        if (fold.Fold == Fold.Only)
            return places.Length == 0 ? 0 : Bind(fold.Body, places[0]);
        if (fold.Fold == Fold.Count)
            return Measured(Calculator.At(fold, scope).Value);
        var shown = places.Length <= Most ? places.Length : Most - 1;
        return new ListedNode(fold.Fold, [.. places.Take(shown).Select(p => Bind(fold.Body, p))], places.Length - shown);
    }

    private static bool IsConstant(Expression expression) =>
        expression switch
        {
            NumberNode or SettingNode => true,
            AddNode or NegateNode or MultiplyNode or FractionNode or FunctionNode => Tree.Children(expression).All(IsConstant),
            _ => false,
        };
}
