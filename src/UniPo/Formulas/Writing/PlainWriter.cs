namespace UniPo.Formulas;

/// <summary>Writes formulas as one line of Unicode text.</summary>
internal static class PlainWriter
{
    public static string Write(Expression expression) => Write(expression, IndexNames.Plain);

    public static string Write(Symbol symbol, IndexNames names)
    {
        var indices = symbol.Indices(names);
        var index = string.Join(indices.Any(n => n.Length > 1) ? "," : "", indices);
        string[] below = [symbol.Label, index];
        var subscript = string.Join(",", below.Where(b => b.Length > 0));
        var text = symbol.Base + (subscript.Length > 0 ? "_" + subscript : "");
        if (symbol.Argument is { } argument)
            text += $"({Write(argument, names)})";
        return symbol.Function.Length > 0 ? $"{symbol.Function} {text}" : text;
    }

    public static string Write(Expression expression, IndexNames names)
    {
        string In(Expression e) => Write(e, names);
        switch (expression)
        {
            case NumberNode number:
                return number.Measured ? NumberText.Rounded(number.Value) : NumberText.Exact(number.Value);
            case QuantityNode quantity:
                return Write(quantity.Quantity.Symbol, names);
            case SettingNode setting:
                return Write(setting.Symbol, names);
            case DefinitionNode definition:
                return Write(definition.Symbol, names);
            case AddNode sum:
                return Add(sum, names);
            case NegateNode negated:
                return "−" + Bracketed(negated.Body, Precedence.Fold, names);
            case MultiplyNode product:
                return Multiply(product, names);
            case FractionNode fraction:
                return Divide(fraction, names);
            case FunctionNode function:
                return Apply(function, names);
            case RelationNode relation:
                return $"{In(relation.Left)} {relation.Sign} {In(relation.Right)}";
            case CasesNode cases:
                return $"{In(cases.Then)} if {In(cases.Condition)}, else {In(cases.Otherwise)}";
            case FoldNode fold:
                return FoldUp(fold, names);
            case ListedNode listed:
                return List(listed, names);
            case NamedNode named:
                return $"{named.Name}({string.Join(", ", named.Arguments.Select(In))})";
            case MarkedNode { Mark: Mark.Won } won:
                return In(won.Body) + " ✓";
            case MarkedNode changed:
                return $"⟦{In(changed.Body)}⟧";
            default:
                throw new NotSupportedException($"There is no text for a {expression.GetType().Name}.");
        }
    }

    private static string Bracketed(Expression expression, int least, IndexNames names)
    {
        var text = Write(expression, names);
        return Precedence.Of(expression) >= least ? text : $"({text})";
    }

    private static string Add(AddNode sum, IndexNames names)
    {
        var text = Bracketed(sum.Terms[0], Precedence.Sum, names);
        foreach (var term in sum.Terms.Skip(1))
            text += term is NegateNode negated
                ? " − " + Bracketed(negated.Body, Precedence.Fold, names)
                : " + " + Bracketed(term, Precedence.Fold, names);
        return text;
    }

    private static string Multiply(MultiplyNode product, IndexNames names)
    {
        var text = "";
        for (var n = 0; n < product.Factors.Count; n++)
        {
            var factor = Write(product.Factors[n], names);
            if (Precedence.Brackets(product, n))
                factor =
                    Precedence.IsOperator(product.Factors[Math.Max(n - 1, 0)]) || factor.Contains('(')
                        ? $"[{factor}]"
                        : $"({factor})";
            text += n == 0 ? factor : (Precedence.IsOperator(product.Factors[n]) ? " " : "·") + factor;
        }
        return text;
    }

    private static string Divide(FractionNode fraction, IndexNames names)
    {
        var (top, bottom) = (
            Bracketed(fraction.Numerator, Precedence.Product, names),
            Bracketed(fraction.Denominator, Precedence.Power, names)
        );
        return top.Contains(' ') || bottom.Contains(' ') ? $"{top} / {bottom}" : $"{top}/{bottom}";
    }

    private static string Apply(FunctionNode function, IndexNames names)
    {
        var arguments = function.Arguments.Select(a => Write(a, names)).ToArray();
        return function.Function switch
        {
            Function.Abs => $"|{arguments[0]}|",
            Function.Sqrt => Precedence.Of(function.Arguments[0]) == Precedence.Atom ? $"√{arguments[0]}" : $"√({arguments[0]})",
            Function.Power when function.Arguments[1] is NumberNode { Value: 2 } => Bracketed(
                function.Arguments[0],
                Precedence.Atom,
                names
            ) + "²",
            Function.Power =>
                $"{Bracketed(function.Arguments[0], Precedence.Atom, names)}^{Bracketed(function.Arguments[1], Precedence.Atom, names)}",
            Function.LogSigmoid => $"log σ({arguments[0]})",
            Function.Indicator => $"1[{arguments[0]}]",
            _ => $"{Name(function.Function)}({string.Join(", ", arguments)})",
        };
    }

    /// <summary>The function's name as it is read.</summary>
    public static string Name(Function function) =>
        function switch
        {
            Function.Sigmoid => "σ",
            Function.StopGradient => "sg",
            _ => function.ToString().ToLowerInvariant(),
        };

    private static string FoldUp(FoldNode fold, IndexNames names)
    {
        var body = Write(fold.Body, names.Within(fold.Range));
        return fold.Fold switch
        {
            Fold.Only => body,
            Fold.Sum => $"Σ_{Below(fold.Range)} {(Precedence.Of(fold.Body) < Precedence.Fold ? $"[{body}]" : body)}",
            Fold.Count => $"#_{Below(fold.Range)}({body})",
            _ => $"{Name(fold.Fold)}_{Below(fold.Range)}({body})",
        };
    }

    private static string Below(IndexRange range) => range.Below.Length == 1 ? range.Below : $"{{{range.Below}}}";

    private static string List(ListedNode listed, IndexNames names)
    {
        var elements = listed
            .Elements.Select(e => listed.Fold == Fold.Sum ? Bracketed(e, Precedence.Fold, names) : Write(e, names))
            .ToList();
        if (listed.Left > 0)
            elements.Add(listed.Fold == Fold.Sum ? $"… ({listed.Left} more)" : $"… {listed.Left} more");
        if (listed.Fold == Fold.Sum)
            return elements.Count == 0 ? "0" : string.Join(" + ", elements);
        return $"{Name(listed.Fold)}({string.Join(", ", elements)})";
    }

    /// <summary>The fold's name as it is read.</summary>
    public static string Name(Fold fold) =>
        fold switch
        {
            Fold.Count => "#",
            _ => fold.ToString().ToLowerInvariant(),
        };
}
