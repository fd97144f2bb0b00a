using System.Xml.Linq;

namespace UniPo.Formulas;

/// <summary>Writes formulas as MathML Core, which every browser of today shows without a script.</summary>
internal static class MathMlWriter
{
    private static readonly XNamespace _math = "http://www.w3.org/1998/Math/MathML";

    /// <summary>
    /// A complete <c>math</c> element, with the formula as text for those who do not see it and as LaTeX for those who copy it.
    /// </summary>
    public static string Document(Expression expression, bool block = false) =>
        Document(Write(expression), PlainWriter.Write(expression), LatexWriter.Write(expression), block);

    /// <summary>A complete <c>math</c> element.</summary>
    public static string Document(XElement body, string text, string latex, bool block) =>
        new XElement(
            _math + "math",
            new XAttribute("display", block ? "block" : "inline"),
            new XAttribute("alttext", text),
            new XElement(
                _math + "semantics",
                body,
                new XElement(_math + "annotation", new XAttribute("encoding", "application/x-tex"), latex)
            )
        ).ToString(SaveOptions.DisableFormatting);

    public static XElement Write(Expression expression) => Write(expression, IndexNames.Plain);

    public static XElement Write(Symbol symbol, IndexNames names)
    {
        var letter = Identifier(symbol.Base);
        var indices = symbol.Indices(names);
        var parts = new List<XElement>();
        if (symbol.Label.Length > 0)
            parts.Add(Identifier(symbol.Label));
        foreach (var index in indices)
        {
            if (parts.Count > 0 && (parts.Count == 1 && symbol.Label.Length > 0 || indices.Any(n => n.Length > 1)))
                parts.Add(Operator(","));
            parts.Add(index.Length > 1 ? Row(index.Select(Character)) : Identifier(index));
        }
        var text = parts.Count == 0 ? letter : El("msub", letter, parts.Count == 1 ? parts[0] : Row(parts));
        if (symbol.Argument is { } argument)
            text = Row(text, Operator("("), Write(argument, names), Operator(")"));
        return symbol.Function.Length > 0 ? Row(Identifier(symbol.Function), Operator("\u2061"), text) : text;
    }

    public static XElement Write(Expression expression, IndexNames names)
    {
        XElement In(Expression e) => Write(e, names);
        switch (expression)
        {
            case NumberNode number:
                return Number(number.Measured ? NumberText.Rounded(number.Value) : NumberText.Exact(number.Value));
            case QuantityNode quantity:
                return Write(quantity.Quantity.Symbol, names);
            case SettingNode setting:
                return Write(setting.Symbol, names);
            case DefinitionNode definition:
                return Write(definition.Symbol, names);
            case AddNode sum:
                return Row(Add(sum, names));
            case NegateNode negated:
                return Row(Operator("−"), Bracketed(negated.Body, Precedence.Fold, names));
            case MultiplyNode product:
                return Row(Multiply(product, names));
            case FractionNode fraction:
                return El("mfrac", In(fraction.Numerator), In(fraction.Denominator));
            case FunctionNode function:
                return Apply(function, names);
            case RelationNode relation:
                return Row(In(relation.Left), Operator(relation.Sign), In(relation.Right));
            case CasesNode cases:
                return Choose(cases, names);
            case FoldNode fold:
                return FoldUp(fold, names);
            case ListedNode listed:
                return List(listed, names);
            case NamedNode named:
                return Call(Identifier(named.Name), named.Arguments.Select(In));
            case MarkedNode { Mark: Mark.Won } won:
                return Marked("won", In(won.Body), Operator("✓"));
            case MarkedNode changed:
                return Marked("changed", In(changed.Body));
            default:
                throw new NotSupportedException($"There is no MathML for a {expression.GetType().Name}.");
        }
    }

    public static XElement Operator(string sign) => El("mo", sign);

    public static XElement Row(params IEnumerable<XElement> children) => El("mrow", [.. children]);

    public static XElement Words(string text) => El("mtext", text);

    /// <summary>Lines below each other, aligned at their signs.</summary>
    public static XElement Table(IEnumerable<(Expression Left, string Sign, Expression Right)> lines) =>
        El(
            "mtable",
            [
                .. lines.Select(l =>
                    El("mtr", Cell("right", Write(l.Left)), Cell("center", Operator(l.Sign)), Cell("left", Write(l.Right)))
                ),
            ]
        );

    private static XElement Cell(string side, XElement content) =>
        El("mtd", new XAttribute("style", "text-align: " + side), content);

    private static XElement El(string name, params object[] content) => new(_math + name, content);

    private static XElement Marked(string mark, params XElement[] children) =>
        El("mrow", [new XAttribute("class", mark), .. children]);

    // One letter is italic by itself, a word upright: MathML's own rule fits the field's habit.
    private static XElement Identifier(string text) =>
        text switch
        {
            "R̃" => El("mover", new XAttribute("accent", "true"), El("mi", "R"), El("mo", "~")),
            "R̂" => El("mover", new XAttribute("accent", "true"), El("mi", "R"), El("mo", "^")),
            "N⁺" => El("msup", El("mi", "N"), El("mo", "+")),
            _ => El("mi", text),
        };

    private static XElement Character(char letter) =>
        char.IsDigit(letter) ? El("mn", letter.ToString())
        : char.IsLetter(letter) ? El("mi", letter.ToString())
        : Operator(letter.ToString());

    private static XElement Number(string text)
    {
        text = text.Replace('-', '−');
        var e = text.IndexOf('e');
        if (e < 0)
            return text[0] == '−' ? Row(Operator("−"), El("mn", text[1..]))
                : text == "∞" ? El("mi", text)
                : El("mn", text);
        var power = El("msup", El("mn", "10"), Number(text[(e + 1)..]));
        return text[..e] == "1" ? power : Row(Number(text[..e]), Operator("·"), power);
    }

    private static XElement Bracketed(Expression expression, int least, IndexNames names)
    {
        var inside = Write(expression, names);
        return Precedence.Of(expression) >= least ? inside : Row(Operator("("), inside, Operator(")"));
    }

    private static IEnumerable<XElement> Add(AddNode sum, IndexNames names)
    {
        yield return Bracketed(sum.Terms[0], Precedence.Sum, names);
        foreach (var term in sum.Terms.Skip(1))
        {
            yield return Operator(term is NegateNode ? "−" : "+");
            yield return Bracketed(term is NegateNode negated ? negated.Body : term, Precedence.Fold, names);
        }
    }

    private static IEnumerable<XElement> Multiply(MultiplyNode product, IndexNames names)
    {
        for (var n = 0; n < product.Factors.Count; n++)
        {
            if (n > 0)
                yield return Operator(StartsWithNumber(product.Factors[n]) ? "·" : "\u2062");
            var factor = Write(product.Factors[n], names);
            yield return Precedence.Brackets(product, n) ? Row(Operator("["), factor, Operator("]")) : factor;
        }
    }

    private static bool StartsWithNumber(Expression expression) =>
        expression switch
        {
            NumberNode => true,
            MultiplyNode product => StartsWithNumber(product.Factors[0]),
            MarkedNode marked => StartsWithNumber(marked.Body),
            _ => false,
        };

    private static XElement Call(XElement name, IEnumerable<XElement> arguments)
    {
        var list = new List<XElement>();
        foreach (var argument in arguments)
            list.AddRange(list.Count == 0 ? [argument] : [Operator(","), argument]);
        return Row([name, Operator("\u2061"), Operator("("), .. list, Operator(")")]);
    }

    private static XElement Apply(FunctionNode function, IndexNames names)
    {
        var arguments = function.Arguments.Select(a => Write(a, names)).ToArray();
        return function.Function switch
        {
            Function.Abs => Row(Operator("|"), arguments[0], Operator("|")),
            Function.Sqrt => El("msqrt", arguments[0]),
            Function.Power => El("msup", Bracketed(function.Arguments[0], Precedence.Atom, names), arguments[1]),
            Function.LogSigmoid => Row(Identifier("log"), Operator("\u2061"), Call(Identifier("σ"), arguments)),
            Function.Indicator => Row(El("mn", "1"), Operator("["), arguments[0], Operator("]")),
            _ => Call(Identifier(PlainWriter.Name(function.Function)), arguments),
        };
    }

    private static XElement Choose(CasesNode cases, IndexNames names) =>
        Row(
            Operator("{"),
            El(
                "mtable",
                El("mtr", El("mtd", Write(cases.Then, names)), El("mtd", Row(Words("if "), Write(cases.Condition, names)))),
                El("mtr", El("mtd", Write(cases.Otherwise, names)), El("mtd", Words("else")))
            )
        );

    private static XElement FoldUp(FoldNode fold, IndexNames names)
    {
        var body = Write(fold.Body, names.Within(fold.Range));
        if (fold.Fold == Fold.Only)
            return body;
        if (fold.Fold != Fold.Sum)
            return Call(El("msub", FoldName(fold.Fold), Letters(fold.Range.Below)), [body]);
        var below = Letters(fold.Range.Below + (fold.Range.From.Length > 0 ? "=" + fold.Range.From : ""));
        var sign = fold.Range.To is { } last
            ? El("munderover", Operator("∑"), below, Write(last, names))
            : El("munder", Operator("∑"), below);
        return Precedence.Of(fold.Body) < Precedence.Fold ? Row(sign, Operator("["), body, Operator("]")) : Row(sign, body);
    }

    private static XElement FoldName(Fold fold) => fold == Fold.Count ? Operator("#") : Identifier(PlainWriter.Name(fold));

    private static XElement Letters(string text) => text.Length == 1 ? Character(text[0]) : Row(text.Select(Character));

    private static XElement List(ListedNode listed, IndexNames names)
    {
        var elements = listed
            .Elements.Select(e => listed.Fold == Fold.Sum ? Bracketed(e, Precedence.Fold, names) : Write(e, names))
            .ToList();
        if (listed.Left > 0)
            elements.Add(Words($"… {listed.Left} more"));
        if (listed.Fold != Fold.Sum)
            return Call(FoldName(listed.Fold), elements);
        var row = new List<XElement>();
        foreach (var element in elements)
            row.AddRange(row.Count == 0 ? [element] : [Operator("+"), element]);
        return row.Count == 0 ? Number("0") : Row(row);
    }
}
