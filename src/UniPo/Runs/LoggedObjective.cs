namespace UniPo;

/// <summary>The objective of a run that was read from a log: its name is known, its parts are not.</summary>
public sealed record LoggedObjective : Objective
{
    /// <summary>Not possible.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override CreditedBatch Credit(RolloutBatch batch) => throw Unknown();

    /// <summary>Not possible.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override TokenReport Evaluate(CreditedBatch batch) => throw Unknown();

    /// <summary>J alone: a log does not say what it was made of.</summary>
    public override Formula Formula => Formula.Unknown(Name);

    /// <summary>None are known.</summary>
    public override IReadOnlyList<ObjectivePart> Parts => [];

    private InvalidOperationException Unknown() =>
        new(
            $"A log stores what {Name} computed, not how. Evaluate the batch with an objective of your own, for instance Algorithms.Grpo.Evaluate(report.Batch)."
        );
}
