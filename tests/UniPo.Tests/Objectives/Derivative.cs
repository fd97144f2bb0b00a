namespace UniPo.Tests;

/// <summary>
/// The numerical derivative of an objective with respect to each token's log π, compared with the reported weight.
/// </summary>
internal static class Derivative
{
    /// <summary>
    /// Asserts that weights are derivatives. Tokens at a kink (both one-sided derivatives differ) are judged by lying between
    /// them.
    /// </summary>
    public static void AgreesWithWeight(
        Objective objective,
        RolloutBatch batch,
        Func<RolloutBatch, int, double, RolloutBatch>? move = null,
        TokenColumn? column = null
    )
    {
        var credited = objective.Credit(batch);
        var report = objective.Evaluate(credited);
        var weights = column ?? report.Weight;
        move ??= TakesRatioAsConstant(objective) ? MovedWithItsOld : Moved;
        double Value(int token, double by) =>
            objective.Evaluate(credited with { Batch = move(credited.Batch, token, by) }).Summary.Objective;
        var here = report.Summary.Objective;
        for (var i = 0; i < weights.Values.Length; i++)
        {
            const double step = 1e-6;
            var (left, right) = ((here - Value(i, -step)) / step, (Value(i, step) - here) / step);
            var central = (left + right) / 2;
            var weight = weights.Values[i];
            var tolerance = 1e-6 + 3e-5 * (Math.Abs(weight) + Math.Abs(here));
            var between = weight >= Math.Min(left, right) - tolerance && weight <= Math.Max(left, right) + tolerance;
            Assert.True(
                Math.Abs(weight - central) <= tolerance || between,
                $"{objective.Name}: token {i} has weight {weight:R}, but the numerical derivative is {central:R} (left {left:R}, right {right:R})."
            );
        }
    }

    public static RolloutBatch Moved(RolloutBatch batch, int token, double by)
    {
        var values = batch.LogProbs.Values.ToArray();
        values[token] += by;
        return batch.WithLogProbs(values);
    }

    // CISPO and kin multiply A·log π by a ratio that they take as a constant: moving the old policy along keeps it one.
    private static RolloutBatch MovedWithItsOld(RolloutBatch batch, int token, double by)
    {
        var old = batch.OldLogProbs.Values.ToArray();
        old[token] += by;
        return Moved(batch, token, by) with { OldLogProbs = new TokenColumn(batch.Layout, old) };
    }

    private static bool TakesRatioAsConstant(Objective objective) =>
        objective is PolicyObjective { Clip: CispoClip or VespoWeight or DppoMask { Detached: true } };
}
