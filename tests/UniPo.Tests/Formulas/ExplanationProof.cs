using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>The numbers of an explanation are those of the report.</summary>
internal static class ExplanationProof
{
    public static void Holds(Objective objective, RolloutBatch batch)
    {
        var report = objective.Evaluate(batch);
        var layout = report.Batch.Layout;
        for (var row = 0; row < layout.Responses; row++)
        for (var token = 0; token < layout.Length(row); token++)
        {
            var explanation = report.Explain(row, token);
            var flat = layout.RowStarts[row] + token;
            Assert.Equal(report.Weight.Values[flat], explanation.Weight);
            Assert.All(explanation.ToString().Split('\n'), line => Assert.InRange(TextLayout.Columns(line), 0, 100));
            if (!layout.IsActive(flat))
                Assert.All(explanation.Steps, s => Assert.Equal(("selection", 0), (s.Part, s.Value)));
            if (!layout.IsActive(flat))
                continue;
            var where = $"{objective.Name}: token {token} of response {row}";
            if (objective is PreferenceObjective preference && !OfPair(preference, report, explanation, where))
                continue;
            Close(report.Weight.Values[flat], explanation, "weight", where);
            if (report.Ratio is { } ratio)
                Close(ratio.Values[flat], explanation, "ratio", where);
            if (report.Advantage is { } advantage)
                Close(advantage.Values[flat], explanation, "advantage", where);
            if (report.AggregationWeight is { } factor)
                Close(factor.Values[flat], explanation, "aggregation", where);
        }
    }

    // The explained pair's movements and its loss; false where the response is in no pair.
    private static bool OfPair(PreferenceObjective objective, TokenReport report, TokenExplanation explanation, string where)
    {
        var moved = objective.LogRatios(report.Batch);
        var mine = objective
            .Pairs.Of(report.Batch)
            .Where(p => p.Chosen == explanation.Row || p.Rejected == explanation.Row)
            .ToArray();
        Assert.Equal(mine.Length == 0, explanation.Steps.Count == 0);
        if (mine.Length == 0)
            Assert.Equal(0, explanation.Weight);
        if (mine.Length == 0)
            return false;
        double Value(string symbol) => explanation.Steps.Single(s => s.Symbol == symbol).Value;
        var pair = mine.First(p => Same(moved[p.Chosen], Value("Δ_w")) && Same(moved[p.Rejected], Value("Δ_l")));
        Assert.True(Same(objective.Loss.At(moved[pair.Chosen], moved[pair.Rejected]).Loss, Value("L_p")), where + ": loss");
        return true;
    }

    private static bool Same(double a, double b) => Math.Abs(a - b) <= 1e-9 * (1 + Math.Abs(b));

    // A part may have several steps; the last one is its result.
    private static void Close(double expected, TokenExplanation explanation, string part, string where)
    {
        var actual = explanation.Steps.Last(s => s.Part == part).Value;
        Assert.True(
            Math.Abs(actual - expected) <= 1e-9 * (1 + Math.Abs(expected)),
            $"{where}: {part} is {expected:R}, but explained as {actual:R}.\n{explanation}"
        );
    }
}
