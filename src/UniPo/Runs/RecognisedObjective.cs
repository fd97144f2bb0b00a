namespace UniPo;

/// <summary>Finds the objective behind a log: the algorithm of its name, with the settings of its header.</summary>
/// <remarks>
/// A log stores what was computed, not how. The name says how, as long as nobody changed a part under the old name; so an
/// objective found by name is used only where it gives the weights that the log holds.
/// </remarks>
internal static class RecognisedObjective
{
    // Logs made for reading hold six digits. A product of a few such numbers is off by some 1e-5; near 0, where terms cancel, what
    // counts is the size of the others.
    private const double Tolerance = 5e-5;
    private const double Small = 0.02;

    /// <summary>The objective that a header names; null when no algorithm made of parts has that name.</summary>
    public static PolicyObjective? Of(RunHeader header)
    {
        if (
            Algorithms.All.FirstOrDefault(a => RunLogFormat.Key(a.Name) == RunLogFormat.Key(header.Algorithm))
            is not PolicyObjective known
        )
            return null;
        try
        {
            if (known.Clip is Clip && Bounds(header) is { } clip)
                known = known with { Clip = clip };
            return Coefficient(header) is { } beta ? known with { Kl = WithCoefficient(known.Kl, beta) } : known;
        }
        catch (ArgumentException)
        {
            return null; // a setting outside its range: the log means something else by that name
        }
    }

    /// <summary>
    /// True when the objective gives the weights of the report. Where its counts are not known, one factor for all tokens is left
    /// open.
    /// </summary>
    public static bool Explains(PolicyObjective objective, TokenReport report)
    {
        if (report.AggregationWeight is not { } factors || report.Advantage is not { } advantages)
            return false;
        if (Evaluate(objective, report.Batch, advantages, report.Totals) is not { AggregationWeight: { } own } again)
            return false;
        var layout = report.Batch.Layout;
        var first = Enumerable.Range(0, layout.Tokens).FirstOrDefault(layout.IsActive, -1);
        if (first < 0)
            return true;
        var floor = Small * Largest(report.Weight);
        var scale = report.Totals is null ? factors.Values[first] / own.Values[first] : 1;
        for (var i = first; i < layout.Tokens; i++)
            if (
                layout.IsActive(i)
                && !(
                    Same(factors.Values[i], scale * own.Values[i], 0)
                    && Same(report.Weight.Values[i], scale * again.Weight.Values[i], floor)
                )
            )
                return false;
        return IsPart(report) || SameAdvantages(objective, report.Batch, advantages);
    }

    /// <summary>True when the log holds only some of the responses that were counted.</summary>
    private static bool IsPart(TokenReport report) =>
        report.Totals is not { } totals || totals.Responses > report.Batch.Layout.Responses;

    private static bool SameAdvantages(PolicyObjective objective, RolloutBatch batch, TokenColumn advantages)
    {
        try
        {
            var own = objective.Credit(batch).Advantages!;
            var floor = Small * Largest(advantages);
            return Enumerable
                .Range(0, batch.Layout.Tokens)
                .All(i => !batch.Layout.IsActive(i) || Same(advantages.Values[i], own.Values[i], floor));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static double Largest(TokenColumn column)
    {
        var largest = 0.0;
        foreach (var value in column.Values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    private static bool Same(double stored, double computed, double floor) =>
        Math.Abs(stored - computed) <= Tolerance * Math.Max(Math.Abs(stored), Math.Max(floor, 1e-9));

    /// <summary>The objective on responses whose advantages are known; null when it needs what the batch has not.</summary>
    public static TokenReport? Evaluate(
        PolicyObjective objective,
        RolloutBatch batch,
        TokenColumn advantages,
        BatchTotals? totals = null
    )
    {
        try
        {
            // Neither the critic's loss nor the bonus for entropy enters a token's weight.
            return (objective with { Value = null, Entropy = null }).Evaluate(
                new CreditedBatch
                {
                    Batch = batch,
                    Totals = totals ?? BatchTotals.Of(batch),
                    Advantages = advantages,
                }
            );
        }
        catch (Exception fault) when (fault is ArgumentException or ArithmeticException)
        {
            return null;
        }
    }

    private static Clip? Bounds(RunHeader header) =>
        header.Hyperparameters.GetValueOrDefault("clip_eps") switch
        {
            double both => Clip.Symmetric(both),
            double[] and [var low, var high] => new Clip(low, high),
            _ => null,
        };

    private static double? Coefficient(RunHeader header) =>
        header.Hyperparameters.GetValueOrDefault("kl_coef") as double?
        ?? header.Hyperparameters.GetValueOrDefault("init_kl_coef") as double?;

    private static Kl WithCoefficient(Kl kl, double beta) =>
        kl switch
        {
            KlInLoss loss => loss with { Coefficient = beta },
            KlInReward reward => reward with { Coefficient = beta },
            _ => kl, // a header that lists a coefficient which the algorithm has no use for
        };
}
