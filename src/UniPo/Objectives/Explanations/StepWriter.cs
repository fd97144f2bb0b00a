using UniPo.Numerics;

namespace UniPo;

/// <summary>Makes a step of an explanation from a letter's line of the formula.</summary>
internal sealed class StepWriter(BatchScope scope)
{
    public ExplanationStep Write(string part, DefinitionNode line, string? sentence = null) =>
        new(
            part,
            line,
            Binder.Bind(line.Body, scope),
            Value(line),
            sentence ?? Sentence(line.Meaning),
            [.. Branches(line.Body), .. Letters(line.Body)]
        );

    public double Value(Expression expression) => Calculator.At(expression, scope).Value;

    /// <summary>True when a number calculated from a formula is the one that the code computed.</summary>
    public static bool Same(double a, double b) => Math.Abs(a - b) <= 1e-9 * (1 + Math.Abs(b));

    private static string Sentence(string meaning) => char.ToUpperInvariant(meaning[0]) + meaning[1..] + ".";

    private IEnumerable<ExplanationTerm> Branches(Expression body)
    {
        if (body is FunctionNode { Function: Function.Min or Function.Max } choice)
        {
            var winner = Calculator.Winner(choice, scope);
            for (var n = 0; n < choice.Arguments.Count; n++)
                yield return Term(choice.Arguments[n], "", n == winner);
            foreach (var inner in choice.Arguments.SelectMany(Branches))
                yield return inner;
        }
        else if (body is CasesNode cases)
        {
            var chosen = Calculator.Chosen(cases, scope);
            yield return Term(cases.Then, "", ReferenceEquals(chosen, cases.Then));
            yield return Term(cases.Otherwise, "", ReferenceEquals(chosen, cases.Otherwise));
        }
        else if (
            body is FoldNode { Fold: Fold.Sum } sum
            && (sum.Range == Over.ThisAndLaterTokens || sum.Range == Over.ThisAndLaterPlaces)
        )
        {
            // GAE and rewards-to-go are explained term by term, to the end of the response.
            foreach (var place in scope.Each(sum.Range).Cast<BatchScope>())
                yield return Term(sum.Body, $"token {place.Token + 1}", null, place);
        }
    }

    private List<ExplanationTerm> Letters(Expression body)
    {
        var seen = new HashSet<string>();
        var terms = new List<ExplanationTerm>();
        void Collect(Expression e)
        {
            var label = e switch
            {
                QuantityNode quantity => quantity.Quantity.Meaning,
                SettingNode setting => setting.Meaning,
                DefinitionNode definition => definition.Meaning,
                FoldNode { Fold: not Fold.Only } fold => FoldInWords(fold),
                _ => null,
            };
            if (label is null)
                foreach (var child in Tree.Children(e))
                    Collect(child);
            else if (seen.Add(PlainWriter.Write(e)))
                terms.Add(Term(e, label, null));
        }
        Collect(body);
        return terms;
    }

    private static string FoldInWords(FoldNode fold) =>
        fold.Fold switch
        {
            Fold.Mean => "mean",
            Fold.Std => fold.Ddof == 1 ? "standard deviation, divisor count − 1" : "standard deviation, divisor count",
            Fold.Count => "how many",
            Fold.Max => "largest",
            _ => "sum",
        };

    private ExplanationTerm Term(Expression expression, string label, bool? won, BatchScope? place = null) =>
        new(PlainWriter.Write(expression), label, Calculator.At(expression, place ?? scope).Value)
        {
            Won = won,
            Latex = LatexWriter.Write(expression),
            MathMl = MathMlWriter.Document(expression),
        };
}
