namespace UniPo.Formulas;

/// <summary>
/// Differentiates an expression with respect to the log-probability at a place, on the branches that apply there.
/// </summary>
/// <remarks>
/// A minimum, clip or case is replaced by the branch that wins, so the result is short: where a clip bites it is 0, elsewhere the
/// textbook term. Letters stay letters: the derivative of r = exp(x) is r times that of x.
/// </remarks>
internal sealed class Derivative(IFormulaScope scope, Quantity variable)
{
    public Expression Of(Expression expression)
    {
        if (!Tree.Uses(expression, variable))
            return 0;
        return expression switch
        {
            QuantityNode => Calculator.At(expression, scope).Slope,
            DefinitionNode { Body: FunctionNode { Function: Function.Exp } exponential } letter when !IsFar(exponential) => Times(
                letter,
                Of(exponential.Arguments[0])
            ),
            DefinitionNode letter => Of(letter.Body),
            MarkedNode marked => Of(marked.Body),
            NegateNode negated => Negative(Of(negated.Body)),
            AddNode sum => sum.Terms.Select(Of).Aggregate((Expression)0, Plus),
            MultiplyNode product => OfProduct(product),
            FractionNode fraction => OfFraction(fraction),
            CasesNode cases => Of(Calculator.Chosen(cases, scope)),
            FoldNode fold => OfFold(fold),
            FunctionNode function => OfFunction(function),
            _ => Calculator.At(expression, scope).Slope,
        };
    }

    // An exponential is constant where it would overflow.
    private bool IsFar(FunctionNode exponential) =>
        Math.Abs(Calculator.At(exponential.Arguments[0], scope).Value) > Elementwise.Limit;

    private Expression OfProduct(MultiplyNode product)
    {
        Expression sum = 0;
        for (var moving = 0; moving < product.Factors.Count; moving++)
        {
            Expression term = 1;
            for (var n = 0; n < product.Factors.Count; n++)
                term = Times(term, n == moving ? Of(product.Factors[n]) : product.Factors[n]);
            sum = Plus(sum, term);
        }
        return sum;
    }

    private Expression OfFraction(FractionNode fraction)
    {
        if (!Tree.Uses(fraction.Denominator, variable))
            return Over(Of(fraction.Numerator), fraction.Denominator);
        return Plus(
            Over(Of(fraction.Numerator), fraction.Denominator),
            Negative(Times(Over(fraction.Numerator, Expression.Power(fraction.Denominator, 2)), Of(fraction.Denominator)))
        );
    }

    private Expression OfFold(FoldNode fold)
    {
        var places = scope.Each(fold.Range).ToArray();
        var sum = OfSum(fold, places);
        return fold.Fold == Fold.Mean ? Over(sum, places.Length) : sum;
    }

    // Every summand is differentiated where it stands. Often one alone moves, or all by the same amount; letters are kept where
    // they still mean the same thing.
    private Expression OfSum(FoldNode fold, IFormulaScope[] places)
    {
        var moving = places
            .Select(p => (Place: p, Slope: new Derivative(p, variable).Of(fold.Body)))
            .Where(m => !Is(m.Slope, 0))
            .ToArray();
        if (moving.Length == 0)
            return 0;
        var first = moving[0].Slope;
        if (moving.Length == 1)
            return first; // the token itself, or its response
        var values = moving.Select(m => Calculator.At(m.Slope, m.Place).Value).ToArray();
        var sameLetters = moving.All(m => PlainWriter.Write(m.Slope) == PlainWriter.Write(first));
        if (sameLetters && values.All(v => v == values[0]))
            return Times(moving.Length, first);
        if (sameLetters && moving.Length == places.Length)
            return Expression.Sum(fold.Range, first);
        return new ListedNode(Fold.Sum, [.. values.Select(Binder.Measured)], 0);
    }

    private Expression OfFunction(FunctionNode function)
    {
        var x = function.Arguments[0];
        switch (function.Function)
        {
            case Function.Min or Function.Max:
                return Of(function.Arguments[Calculator.Winner(function, scope)]);
            case Function.Clip:
                return Calculator.Winner(function, scope) == 0 ? Of(x) : 0;
            case Function.StopGradient or Function.Indicator:
                return 0;
            case Function.Exp:
                return IsFar(function) ? 0 : Times(function, Of(x));
            case Function.Log:
                return Over(Of(x), x);
            case Function.Abs:
                return Times(Math.Sign(Calculator.At(x, scope).Value), Of(x));
            case Function.Sqrt:
                return Over(Of(x), 2 * function);
            case Function.LogSigmoid:
                return Times(Expression.Sigmoid(Negative(x)), Of(x));
            case Function.Sigmoid:
                return Times(Times(function, 1 - (Expression)function), Of(x));
            default: // a power with a constant exponent
                var power = function.Arguments[1];
                return power is NumberNode { Value: 2 }
                    ? Times(Times(2, x), Of(x))
                    : Times(Times(power, Expression.Power(x, power - 1)), Of(x));
        }
    }

    private static bool Is(Expression e, double value) => e is NumberNode number && number.Value == value;

    private static Expression Plus(Expression a, Expression b) =>
        Is(a, 0) ? b
        : Is(b, 0) ? a
        : b is NegateNode minus ? a - minus.Body
        : a is NegateNode first ? b - first.Body
        : a + b;

    private static Expression Negative(Expression e) =>
        e switch
        {
            NumberNode n => n.Value == 0 ? 0 : -n.Value,
            NegateNode minus => minus.Body,
            _ => -e,
        };

    private static Expression Times(Expression a, Expression b) =>
        Is(a, 0) || Is(b, 0) ? 0
        : Is(a, 1) ? b
        : Is(b, 1) ? a
        : Is(a, -1) ? Negative(b)
        : Is(b, -1) ? Negative(a)
        : a is NegateNode m ? Negative(Times(m.Body, b))
        : b is NegateNode n ? Negative(Times(a, n.Body))
        : a * b;

    private static Expression Over(Expression a, Expression b) =>
        Is(a, 0) ? 0
        : Is(b, 1) ? a
        : a is NegateNode m ? Negative(Over(m.Body, b))
        : a / b;
}
