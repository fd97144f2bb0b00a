using UniPo.Formulas;

namespace UniPo;

/// <summary>An advantage that somebody wrote as a formula.</summary>
internal sealed record WrittenAdvantage(string Name, string? Words, Template Template) : OutcomeAdvantage
{
    public override string InWords => Words ?? Name;

    protected override Expression Body(Expression reward) => Template.Fill((Quantities.Reward, reward));
}
