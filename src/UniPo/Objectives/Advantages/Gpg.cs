namespace UniPo;

/// <summary>
/// A_i = α·(R_i − mean_g R) with α = N / number of responses whose reward is not 0: makes up for responses that push nothing.
/// </summary>
/// <remarks>
/// Chu et al. 2025, "GPG: a simple and strong reinforcement learning baseline"; verl <c>gpg</c>. verl counts rewards, so α is 1
/// when rewards are −1 and 1; the paper means samples without gradient.
/// </remarks>
public sealed record Gpg : GroupAdvantage
{
    /// <inheritdoc/>
    public override string InWords => "reward minus the mean of its group, made up for responses without reward";

    /// <inheritdoc/>
    protected override Expression Body(Expression reward)
    {
        var counted = Expression.Count(Over.Batch, Expression.Relation(reward, "≠", 0));
        var alpha = Expression.Define(
            new("α"),
            Quantities.Responses / Expression.Max(counted, 1),
            "makes up for responses without reward"
        );
        return GroupFormulas.Alone(Lone, reward, alpha * (reward - Expression.Mean(Over.Group, reward)));
    }
}
