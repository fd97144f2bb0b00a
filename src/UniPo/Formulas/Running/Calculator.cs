namespace UniPo.Formulas;

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
            FractionNode fraction => Divide(At(fraction.Numerator, scope), At(fraction.Denominator, scope)),
            FunctionNode function => Apply(function, scope),
            RelationNode relation => Holds(relation, scope) ? 1 : 0,
            CasesNode cases => At(Chosen(cases, scope), scope),
            FoldNode fold => FoldUp(fold, scope),
            ListedNode { Fold: Fold.Sum } listed => listed.Elements.Aggregate(
                new Dual(0),
                (total, element) => total + At(element, scope)
            ),
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

    private static Dual Divide(Dual a, Dual b) => a == default ? 0 : a / b;

    private static Dual Apply(FunctionNode function, IFormulaScope scope)
    {
        if (function.Function == Function.Clip)
            return Winner(function, scope) is > 0 and var bound
                ? At(function.Arguments[bound], scope).Value
                : At(function.Arguments[0], scope);
        if (function.Function is Function.Min or Function.Max)
            return At(function.Arguments[Winner(function, scope)], scope);
        var x = At(function.Arguments[0], scope);
        if (function.Function is Function.StopGradient or Function.Indicator)
            return x.Value;
        if (function.Function == Function.Power) // exponents are constants in every formula
        {
            var y = At(function.Arguments[1], scope).Value;
            return x.Map(Elementwise.Power(x.Value, y), y == 0 ? 0 : y * Elementwise.Power(x.Value, y - 1));
        }
        var value = Elementwise.Value(function.Function, x.Value);
        return x.Map(value, x.Slope == 0 ? 0 : Elementwise.Slope(function.Function, x.Value, value));
    }

    private static bool Holds(RelationNode relation, IFormulaScope scope)
    {
        var (left, right) = (At(relation.Left, scope).Value, At(relation.Right, scope).Value);
        return relation.Sign switch
        {
            "<" => left < right,
            "≤" => left <= right,
            "=" => left == right,
            "≠" => left < right || left > right,
            "≥" => left >= right,
            ">" => left > right,
            _ => throw new ArgumentException($"A relation must be one of < ≤ = ≠ ≥ >, but was {relation.Sign}."),
        };
    }

    private static Dual FoldUp(FoldNode fold, IFormulaScope scope)
    {
        Dual total = 0;
        var all = new List<Dual>();
        foreach (var place in scope.Each(fold.Range))
        {
            var value = At(fold.Body, place);
            if (double.IsNaN(value.Value) && value.Slope == 0)
                continue; // what is not known stays out
            total += value;
            all.Add(value);
        }
        double[] values = [.. all.Select(x => x.Value)];
        return fold.Fold switch
        {
            Fold.Mean => new Dual(SampleStatistics.Mean(values), values.Length == 0 ? 0 : total.Slope / values.Length),
            Fold.Std => Std(all, SampleStatistics.Std(values, fold.Ddof), SampleStatistics.Mean(values), fold.Ddof),
            Fold.Max => Of(all, SampleStatistics.Largest(values)),
            Fold.Median => Of(all, SampleStatistics.Median(values)),
            _ => total,
        };
    }

    private static Dual Std(List<Dual> all, double std, double mean, int ddof) =>
        new(std, std == 0 ? 0 : all.Sum(x => (x.Value - mean) * x.Slope) / (std * (all.Count - ddof)));

    // The slope of the largest or middle one; where several are it, they share.
    private static Dual Of(List<Dual> all, double value)
    {
        var hits = all.Where(x => x.Value == value).ToArray();
        return new Dual(value, hits.Length == 0 ? 0 : hits.Average(x => x.Slope));
    }
}
