namespace UniPo.Numerics;

/// <summary>Calculates an expression, and its derivative, at a place of a batch.</summary>
internal static class Calculator
{
    public static Dual At(Expression expression, IFormulaScope scope) =>
        expression switch
        {
            NumberNode number => number.Value,
            SettingNode setting => setting.Value,
            QuantityNode quantity => scope.Read(quantity.Quantity),
            DefinitionNode definition => scope.Remember(definition, () => At(definition.Body, scope)),
            MarkedNode marked => At(marked.Body, scope),
            AddNode sum => sum.Terms.Aggregate(new Dual(0), (total, term) => total + At(term, scope)),
            NegateNode negated => -At(negated.Body, scope),
            MultiplyNode product => Multiply(product, scope),
            FractionNode fraction => At(fraction.Numerator, scope) / At(fraction.Denominator, scope),
            FunctionNode function => Apply(function, scope),
            RelationNode relation => Holds(relation, scope) ? 1 : 0,
            CasesNode cases => At(Chosen(cases, scope), scope),
            FoldNode fold => FoldUp(fold, scope),
            ListedNode { Fold: Fold.Sum } listed => listed.Elements.Aggregate(
                new Dual(0),
                (total, element) => total + At(element, scope)
            ),
            OpaqueNode opaque => Call(opaque, scope),
            _ => throw new NotSupportedException(
                $"A {expression.GetType().Name} only exists in written formulas and cannot be calculated."
            ),
        };

    /// <summary>The case that applies.</summary>
    public static Expression Chosen(CasesNode cases, IFormulaScope scope) =>
        At(cases.Condition, scope).Value != 0 ? cases.Then : cases.Otherwise;

    /// <summary>Index of the argument that a minimum, maximum or clip takes; a tie goes to the first.</summary>
    public static int Winner(FunctionNode function, IFormulaScope scope)
    {
        double Value(int n) => At(function.Arguments[n], scope).Value;
        return function.Function switch
        {
            Function.Min => Value(1) < Value(0) ? 1 : 0,
            Function.Max => Value(1) > Value(0) ? 1 : 0,
            Function.Clip => Value(0) < Value(1) ? 1
            : Value(0) > Value(2) ? 2
            : 0,
            _ => throw new ArgumentException($"{function.Function} has no winner; only min, max and clip have."),
        };
    }

    // A constant 0 wins over everything: 1/n_i Σ_t over a response without tokens is 0, not 0/0.
    private static Dual Multiply(MultiplyNode product, IFormulaScope scope)
    {
        Dual total = 1;
        foreach (var factor in product.Factors)
        {
            var value = At(factor, scope);
            if (value == default)
                return 0;
            total *= value;
        }
        return total;
    }

    private static Dual Apply(FunctionNode function, IFormulaScope scope)
    {
        if (function.Function == Function.Clip)
            return Winner(function, scope) is > 0 and var bound
                ? At(function.Arguments[bound], scope).Value
                : At(function.Arguments[0], scope);
        if (function.Function is Function.Min or Function.Max)
            return At(function.Arguments[Winner(function, scope)], scope);
        var x = At(function.Arguments[0], scope);
        switch (function.Function)
        {
            case Function.Exp:
                return x.Map(Math.Exp(x.Value), Math.Exp(x.Value));
            case Function.Log:
                return x.Map(Math.Log(x.Value), 1 / x.Value);
            case Function.Abs:
                return x.Map(Math.Abs(x.Value), Math.Sign(x.Value));
            case Function.Sqrt:
                return x.Map(Math.Sqrt(x.Value), 0.5 / Math.Sqrt(x.Value));
            case Function.StopGradient or Function.Indicator:
                return x.Value;
            case Function.Sigmoid:
                return x.Map(Sigmoid(x.Value), Sigmoid(x.Value) * Sigmoid(-x.Value));
            case Function.LogSigmoid:
                return x.Map(Math.Min(x.Value, 0) - Math.Log(1 + Math.Exp(-Math.Abs(x.Value))), Sigmoid(-x.Value));
            default: // a power; exponents are constants in every formula here
                var y = At(function.Arguments[1], scope).Value;
                return x.Map(Math.Pow(x.Value, y), y == 0 ? 0 : y * Math.Pow(x.Value, y - 1));
        }
    }

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static bool Holds(RelationNode relation, IFormulaScope scope)
    {
        var (left, right) = (At(relation.Left, scope).Value, At(relation.Right, scope).Value);
        return relation.Sign switch
        {
            "<" => left < right,
            "≤" => left <= right,
            "=" => left == right,
            "≠" => left != right,
            "≥" => left >= right,
            ">" => left > right,
            _ => throw new ArgumentException($"A relation must be one of < ≤ = ≠ ≥ >, but was {relation.Sign}."),
        };
    }

    private static Dual FoldUp(FoldNode fold, IFormulaScope scope)
    {
        Dual total = 0;
        var values = new List<double>();
        foreach (var place in scope.Each(fold.Range))
        {
            var value = At(fold.Body, place);
            total += value;
            values.Add(value.Value);
        }
        return fold.Fold switch
        {
            Fold.Mean => values.Count == 0 ? 0
            : AllEqual(values) ? new Dual(values[0], total.Slope / values.Count)
            : total / values.Count,
            Fold.Max => values.Max(),
            Fold.Std => Std(values, fold.Ddof),
            _ => total,
        };
    }

    // Equal numbers have exactly their own mean and no spread; rounding must not say otherwise.
    private static bool AllEqual(List<double> values) => values.TrueForAll(v => v == values[0]);

    // Statistics of rewards are constants for the policy: no derivative.
    private static double Std(List<double> values, int ddof)
    {
        if (values.Count <= ddof || AllEqual(values))
            return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - ddof));
    }

    private static Dual Call(OpaqueNode opaque, IFormulaScope scope)
    {
        var arguments = opaque.Arguments.Select(a => At(a, scope)).ToArray();
        var (value, slopes) = opaque.Code([.. arguments.Select(a => a.Value)]);
        return new Dual(value, arguments.Zip(slopes, (a, slope) => a.Slope == 0 ? 0 : a.Slope * slope).Sum());
    }
}
