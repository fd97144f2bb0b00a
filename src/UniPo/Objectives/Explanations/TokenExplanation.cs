using System.Text;
using UniPo.Numerics;

namespace UniPo;

/// <summary>Why a token got its weight: the objective's own formula with this token's numbers in it, step by step.</summary>
/// <remarks>
/// Plain data: a view decides how it looks. Every number is calculated from the formula and agrees with the report's columns.
/// </remarks>
public sealed class TokenExplanation
{
    internal TokenExplanation(TokenReport report, int row, int token, IReadOnlyList<ExplanationStep> steps, string summary)
    {
        (Report, Row, Token, Steps, Summary) = (report, row, token, steps, summary);
        Weight = report.Weight[row, token];
        Symbol = report.Batch.Responses[row].Symbols[token];
    }

    /// <summary>The report the token belongs to.</summary>
    public TokenReport Report { get; }

    /// <summary>The response, in [0, B).</summary>
    public int Row { get; }

    /// <summary>The token's position in the response, from 0.</summary>
    public int Token { get; }

    /// <summary>The token as text.</summary>
    public string Symbol { get; }

    /// <summary>w = ∂J/∂log π of the token.</summary>
    public double Weight { get; }

    /// <summary>
    /// Ratio, advantage, trust region, KL, aggregation, weight for a policy objective; reference, pairs, loss, aggregation,
    /// weight for preferences; selection, term, aggregation, weight for imitation, in this order. Steps an objective does not
    /// have are absent; a masked token has none.
    /// </summary>
    public IReadOnlyList<ExplanationStep> Steps { get; }

    /// <summary>The outcome in a sentence: in which direction the token is pushed, and what decided it.</summary>
    public string Summary { get; }

    /// <summary>The steps as text of at most 100 columns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        TextLayout.AppendSentence(
            text,
            $"{Report.Objective.Name}: token {Token + 1} \"{Visible(Symbol)}\" of response {Row + 1}"
        );
        TextLayout.AppendSentence(text, Summary);
        foreach (var step in Steps)
        {
            text.Append('\n');
            TextLayout.AppendSentence(text, $"{step.Part}: {step.Sentence}");
            TextLayout.Append(text, $"  {step.Symbol} = ", PlainWriter.Write(step.Definition.Body));
            if (step.Definition.Body is not NumberNode)
                TextLayout.Append(text, "".PadRight(TextLayout.Columns(step.Symbol) + 2) + " = ", step.Numbers);
        }
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>All steps as LaTeX, aligned at the equals sign; without dollar signs, empty without steps.</summary>
    public string ToLatex() =>
        Steps.Count == 0
            ? ""
            : "\\begin{aligned}\n" + string.Join(" \\\\\n", Steps.Select(s => Aligned(s.ToLatex()))) + "\n\\end{aligned}";

    private static string Aligned(string latex)
    {
        var equals = latex.IndexOf('=', StringComparison.Ordinal);
        return latex[..equals] + "&" + latex[equals..];
    }

    private static string Visible(string symbol) =>
        symbol.Replace("\n", "⏎", StringComparison.Ordinal).Replace("\t", "⇥", StringComparison.Ordinal);
}
