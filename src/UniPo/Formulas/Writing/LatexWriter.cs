using System.Text;

namespace UniPo.Formulas;

/// <summary>Writes formulas as LaTeX, without packages beyond amsmath and amssymb.</summary>
internal static class LatexWriter
{
    private static readonly Dictionary<char, string> _letters = new()
    {
        ['α'] = @"\alpha",
        ['β'] = @"\beta",
        ['γ'] = @"\gamma",
        ['δ'] = @"\delta",
        ['Δ'] = @"\Delta",
        ['ε'] = @"\varepsilon",
        ['θ'] = @"\theta",
        ['κ'] = @"\kappa",
        ['λ'] = @"\lambda",
        ['μ'] = @"\mu",
        ['π'] = @"\pi",
        ['ρ'] = @"\rho",
        ['σ'] = @"\sigma",
        ['τ'] = @"\tau",
        ['φ'] = @"\varphi",
        ['ω'] = @"\omega",
        ['≤'] = @"\le ",
        ['≥'] = @"\ge ",
        ['≠'] = @"\ne ",
        ['∈'] = @"\in ",
        ['−'] = "-",
        ['∞'] = @"\infty",
        ['·'] = @"\cdot ",
        ['ℓ'] = @"\ell",
        ['⁺'] = "^{+}",
        ['′'] = "'",
        ['…'] = @"\dots ",
        ['_'] = @"\_",
        ['%'] = @"\%",
        ['#'] = @"\#",
        ['&'] = @"\&",
        ['$'] = @"\$",
        ['{'] = @"\{",
        ['}'] = @"\}",
        ['\\'] = @"\backslash ",
        ['^'] = @"\hat{}",
        ['~'] = @"\sim ",
        ['‖'] = @"\Vert ",
    };

    public static string Write(Expression expression) => Write(expression, IndexNames.Plain);

    public static string Write(Symbol symbol, IndexNames names)
    {
        var indices = symbol.Indices(names).Select(Letters).ToArray();
        var index = string.Join(indices.Any(n => n.Length > 1 && n[0] != '\\') ? "," : "", indices);
        var label = symbol.Label.Length > 1 ? $@"\mathrm{{{Letters(symbol.Label)}}}" : Letters(symbol.Label);
        var subscript = label.Length > 0 && index.Length > 0 ? label + "," + index : label + index;
        var text = Base(symbol.Base) + (subscript.Length > 0 ? $"_{{{subscript}}}" : "");
        if (symbol.Argument is { } argument)
            text += $"({Write(argument, names)})";
        return symbol.Function.Length > 0 ? $@"\{symbol.Function} {text}" : text;
    }

    /// <summary>Letters with accents and Greek ones as commands; words upright.</summary>
    private static string Base(string text) =>
        text switch
        {
            "R̃" => @"\tilde{R}",
            "R̂" => @"\hat{R}",
            _ when text.Length > 1 && text.All(char.IsAsciiLetter) => $@"\mathrm{{{text}}}",
            _ => Letters(text).TrimEnd(),
        };

    private static string Letters(string text)
    {
        var latex = new StringBuilder();
        foreach (var letter in text)
            latex.Append(_letters.TryGetValue(letter, out var command) ? command : letter.ToString());
        return latex.ToString();
    }

    /// <summary>A relation sign.</summary>
    public static string Sign(string sign) => Letters(sign).Trim();

    /// <summary>A number; powers of ten as such.</summary>
    public static string Number(string text)
    {
        var e = text.IndexOf('e');
        if (e < 0 || text.Contains('N'))
            return Letters(text).Trim();
        var mantissa = Letters(text[..e]);
        var power = $"10^{{{Letters(text[(e + 1)..])}}}";
        return mantissa == "1" ? power : $@"{mantissa} \cdot {power}";
    }

    public static string Write(Expression expression, IndexNames names)
    {
        string In(Expression e) => Write(e, names);
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
                return Add(sum, names);
            case NegateNode negated:
                return "-" + Bracketed(negated.Body, Precedence.Fold, names);
            case MultiplyNode product:
                return Multiply(product, names);
            case FractionNode fraction:
                return $@"\frac{{{In(fraction.Numerator)}}}{{{In(fraction.Denominator)}}}";
            case FunctionNode function:
                return Apply(function, names);
            case RelationNode relation:
                return $"{In(relation.Left)} {Sign(relation.Sign)} {In(relation.Right)}";
            case CasesNode cases:
                return $@"\begin{{cases}} {In(cases.Then)} & \text{{if }} {In(cases.Condition)} \\ {In(cases.Otherwise)} & \text{{else}} \end{{cases}}";
            case FoldNode fold:
                return FoldUp(fold, names);
            case ListedNode listed:
                return List(listed, names);
            case NamedNode named:
                return $@"\mathrm{{{Letters(named.Name)}}}\left({string.Join(", ", named.Arguments.Select(In))}\right)";
            case MarkedNode { Mark: Mark.Won } won:
                return $@"\underset{{\checkmark}}{{{In(won.Body)}}}";
            case MarkedNode changed:
                return $@"\underline{{{In(changed.Body)}}}";
            default:
                throw new NotSupportedException($"There is no LaTeX for a {expression.GetType().Name}.");
        }
    }

    private static string Bracketed(Expression expression, int least, IndexNames names)
    {
        var text = Write(expression, names);
        return Precedence.Of(expression) >= least ? text : $@"\left({text}\right)";
    }

    private static string Add(AddNode sum, IndexNames names)
    {
        var text = Bracketed(sum.Terms[0], Precedence.Sum, names);
        foreach (var term in sum.Terms.Skip(1))
            text += term is NegateNode negated
                ? " - " + Bracketed(negated.Body, Precedence.Fold, names)
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
                factor = $@"\left[{factor}\right]";
            text +=
                n == 0 ? factor : (char.IsAsciiDigit(factor[0]) || char.IsAsciiDigit(text[^1]) ? @" \cdot " : @" \, ") + factor;
        }
        return text;
    }

    private static string Apply(FunctionNode function, IndexNames names)
    {
        var arguments = function.Arguments.Select(a => Write(a, names)).ToArray();
        var all = string.Join(", ", arguments);
        return function.Function switch
        {
            Function.Abs => $@"\left|{all}\right|",
            Function.Sqrt => $@"\sqrt{{{all}}}",
            Function.Power => $"{Bracketed(function.Arguments[0], Precedence.Atom, names)}^{{{arguments[1]}}}",
            Function.Indicator => $@"\mathbf{{1}}\left[{all}\right]",
            Function.LogSigmoid => $@"\log \sigma\left({all}\right)",
            Function.Sigmoid => $@"\sigma\left({all}\right)",
            Function.Clip or Function.StopGradient =>
                $@"\operatorname{{{PlainWriter.Name(function.Function)}}}\left({all}\right)",
            _ => $@"\{PlainWriter.Name(function.Function)}\left({all}\right)",
        };
    }

    private static string FoldUp(FoldNode fold, IndexNames names)
    {
        var body = Write(fold.Body, names.Within(fold.Range));
        return fold.Fold switch
        {
            Fold.Only => body,
            Fold.Sum =>
                $@"\sum{Limits(fold.Range, names)} {(Precedence.Of(fold.Body) < Precedence.Fold ? $@"\left[{body}\right]" : body)}",
            Fold.Count => $@"\#_{{{Letters(fold.Range.Below)}}}\left({body}\right)",
            _ => $@"\operatorname{{{PlainWriter.Name(fold.Fold)}}}_{{{Letters(fold.Range.Below)}}}\left({body}\right)",
        };
    }

    private static string Limits(IndexRange range, IndexNames names)
    {
        var below = Letters(range.Below) + (range.From.Length > 0 ? "=" + Letters(range.From) : "");
        return range.To is { } last ? $"_{{{below}}}^{{{Write(last, names)}}}" : $"_{{{below}}}";
    }

    private static string List(ListedNode listed, IndexNames names)
    {
        var elements = listed
            .Elements.Select(e => listed.Fold == Fold.Sum ? Bracketed(e, Precedence.Fold, names) : Write(e, names))
            .ToList();
        if (listed.Left > 0)
            elements.Add($@"\dots\,({listed.Left}\text{{ more}})");
        if (listed.Fold == Fold.Sum)
            return elements.Count == 0 ? "0" : string.Join(" + ", elements);
        var name = listed.Fold == Fold.Count ? @"\#" : $@"\operatorname{{{PlainWriter.Name(listed.Fold)}}}";
        return $@"{name}\left({string.Join(", ", elements)}\right)";
    }
}
