using System.Text;
using UniPo.Numerics;

namespace UniPo;

/// <summary>Two objectives evaluated on the same responses, token by token.</summary>
public sealed class ObjectiveContrast
{
    private const int MostRows = 40;

    internal ObjectiveContrast(TokenReport first, TokenReport second)
    {
        (First, Second) = (first, second);
        var layout = first.Batch.Layout;
        var tokens = new List<TokenContrast>(layout.Tokens);
        for (var row = 0; row < layout.Responses; row++)
        for (var t = 0; t < layout.Length(row); t++)
            tokens.Add(
                new TokenContrast(row, t, first.Batch.Responses[row].Symbols[t], first.Weight[row, t], second.Weight[row, t])
                {
                    FirstRatio = first.Ratio?[row, t],
                    SecondRatio = second.Ratio?[row, t],
                    FirstAdvantage = first.Advantage?[row, t],
                    SecondAdvantage = second.Advantage?[row, t],
                    FirstTerm = first.TokenObjective?[row, t],
                    SecondTerm = second.TokenObjective?[row, t],
                }
            );
        Tokens = tokens;
    }

    /// <summary>The first objective's report.</summary>
    public TokenReport First { get; }

    /// <summary>The second objective's report.</summary>
    public TokenReport Second { get; }

    /// <summary>Every token with both numbers, response after response.</summary>
    public IReadOnlyList<TokenContrast> Tokens { get; }

    /// <summary>
    /// Share of tokens with a weight in either that both push in the same direction; in [0, 1], null when neither pushes any.
    /// </summary>
    public double? Agreement
    {
        get
        {
            var pushed = Tokens.Where(t => t.First != 0 || t.Second != 0).ToArray();
            return pushed.Length == 0
                ? null
                : (double)pushed.Count(t => Math.Sign(t.First) == Math.Sign(t.Second)) / pushed.Length;
        }
    }

    /// <summary>
    /// Cosine between the two vectors of weights: 1 when they differ by a step size only, 0 when they have nothing in common;
    /// null when one is all 0.
    /// </summary>
    public double? Cosine
    {
        get
        {
            double product = 0,
                first = 0,
                second = 0;
            foreach (var t in Tokens)
                (product, first, second) = (
                    product + t.First * t.Second,
                    first + t.First * t.First,
                    second + t.Second * t.Second
                );
            return first == 0 || second == 0 ? null : product / Math.Sqrt(first * second);
        }
    }

    /// <summary>Both weights of the tokens as text of at most 100 columns; of a large batch the first 40 tokens.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        string a = Short(First.Objective.Name),
            b = Short(Second.Objective.Name);
        text.Append($"{"response", -9} {"token", -14} {"weight: " + a, -24} {b, -16} difference\n");
        foreach (var t in Tokens.Take(MostRows))
            text.Append(
                $"{t.Row + 1, -9} {Short(t.Symbol), -14} {NumberText.Rounded(t.First), -24} {NumberText.Rounded(t.Second), -16} {NumberText.Rounded(t.Second - t.First)}\n"
            );
        if (Tokens.Count > MostRows)
            text.Append($"… and {Tokens.Count - MostRows} more tokens\n");
        text.Append(
            $"objective J: {NumberText.Rounded(First.Summary.Objective)} and {NumberText.Rounded(Second.Summary.Objective)}"
        );
        if (Agreement is { } agreement)
            text.Append($"; same direction for {NumberText.Rounded(100 * agreement)} % of the tokens");
        if (Cosine is { } cosine)
            text.Append($"; cosine {NumberText.Rounded(cosine)}");
        return text.ToString();
    }

    private static string Short(string text)
    {
        var visible = text.ReplaceLineEndings("⏎").Replace('\t', '⇥');
        return visible.Length <= 14 ? visible : visible[..13] + "…";
    }
}
