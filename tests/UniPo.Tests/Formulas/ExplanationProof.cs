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
                if (!layout.IsActive(flat)) Assert.Empty(explanation.Steps);
                if (!layout.IsActive(flat)) continue;
                var where = $"{objective.Name}: token {token} of response {row}";
                if (objective is not PolicyObjective) continue;
                Close(report.Weight.Values[flat], explanation, "weight", where);
                if (report.Ratio is { } ratio) Close(ratio.Values[flat], explanation, "ratio", where);
                if (report.Advantage is { } advantage) Close(advantage.Values[flat], explanation, "advantage", where);
                if (report.AggregationWeight is { } factor) Close(factor.Values[flat], explanation, "aggregation", where);
                Assert.All(explanation.ToString().Split('\n'), line => Assert.InRange(TextLayout.Columns(line), 0, 100));
            }
    }

    // A part may have several steps; the last one is its result.
    private static void Close(double expected, TokenExplanation explanation, string part, string where)
    {
        var actual = explanation.Steps.Last(s => s.Part == part).Value;
        Assert.True(Math.Abs(actual - expected) <= 1e-9 * (1 + Math.Abs(expected)), $"{where}: {part} is {expected:R}, but explained as {actual:R}.\n{explanation}");
    }
}
