using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>
/// Calculates an objective from nothing but its written formula, and differentiates the formula, to compare both with the code.
/// </summary>
internal static class FormulaProof
{
    public static void Holds(Objective objective, RolloutBatch batch)
    {
        var report = objective.Evaluate(batch);
        var formula = objective.Formula;
        var scope = FormulaColumns.Scope(report);
        Close(report.Summary.Objective, Calculator.At(formula.Objective, scope).Value, $"{objective.Name}: J");
        var layout = report.Batch.Layout;
        for (var row = 0; row < layout.Responses; row++)
        for (var token = 0; token < layout.Length(row); token++)
        {
            var flat = layout.RowStarts[row] + token;
            var here = $"{objective.Name}: token {token} of response {row}";
            Close(
                report.Weight.Values[flat],
                Calculator.At(formula.Objective, scope with { Variable = flat }).Slope,
                here + ", weight"
            );
            if (report.TokenObjective is { } terms && layout.IsActive(flat))
                Close(
                    terms.Values[flat],
                    Calculator.At(formula.Token!, scope with { Row = row, Token = token }).Value,
                    here + ", term"
                );
        }
    }

    private static void Close(double code, double formula, string what) =>
        Assert.True(
            Math.Abs(code - formula) <= 1e-9 * (1 + Math.Abs(code)),
            $"{what} is {code:R} by the code, but {formula:R} by the formula."
        );
}
