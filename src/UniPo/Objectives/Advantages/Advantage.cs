using UniPo.Formulas;
using UniPo.Numerics;

namespace UniPo;

/// <summary>How good was this response (or token), compared with what was to be expected?</summary>
/// <remarks>
/// One sealed record for each estimator; its formula is all it does. A positive advantage raises the token's probability, a negative
/// one lowers it.
/// </remarks>
public abstract record Advantage
{
    /// <summary>
    /// Brings the advantages of all tokens of the batch to mean 0 and spread 1; null to leave them as they are.
    /// </summary>
    public Whitening? Whiten { get; init; }

    /// <summary>What it does, in one line of words.</summary>
    public virtual string InWords => GetType().Name;

    /// <summary>
    /// An advantage of one's own, one number a response: <c>Advantage.Of("median", r => r - Over.Group.Median(r))</c>.
    /// </summary>
    /// <param name="name">What it is called.</param>
    /// <param name="formula">A_i, from the reward R_i of the response (after a KL penalty where that is in the reward).</param>
    /// <param name="inWords">What it does, in one line of words; the name where it is left out.</param>
    /// <exception cref="FormulaException">The formula cannot be calculated.</exception>
    public static OutcomeAdvantage Of(string name, Func<Expression, Expression> formula, string? inWords = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var template = FormulaChecks.Verify($"The advantage \"{name}\"", formula(Quantities.Reward), Level.Response);
        return new WrittenAdvantage(name, inWords, template);
    }

    /// <summary>The advantage in symbols.</summary>
    /// <param name="reward">The rewards' letters.</param>
    public abstract Expression Formula(RewardSymbols reward);

    /// <summary>The advantage of a response, A_i, with a line of its own.</summary>
    protected static Expression PerResponse(Expression body) =>
        Expression.Define(new("A", "i"), body, "advantage of response i, shared by all of its tokens");

    /// <summary>The advantage of a token, A_it, with a line of its own.</summary>
    protected static Expression PerToken(Expression body) =>
        Expression.Define(new("A", "it"), body, "advantage of token t of response i");

    /// <summary>The advantage before whitening, where it needs a letter of its own.</summary>
    protected static Expression Raw(Expression body) =>
        Expression.Define(new("A", "it", "raw"), body, "advantage of the token before whitening");

    /// <summary>The advantage of each token, whitened when that is asked for.</summary>
    protected Expression Whitened(Expression body) =>
        PerToken(Whiten is { } whiten ? whiten.Formula(body is DefinitionNode ? body : Raw(body)) : body);

    /// <summary>What the critic should have said, in symbols; null without a critic.</summary>
    internal virtual Expression? TargetFormula(RewardSymbols reward) => null;

    /// <inheritdoc/>
    public sealed override string ToString() => InWords;

    /// <summary>Rewards are held in this interval before anything is computed from them; null for no limit.</summary>
    public Interval? RewardRange { get; init; }

    /// <summary>How several rewards of a response become one; null to take <see cref="Response.Reward"/>.</summary>
    public RewardWeights? Weights { get; init; }

    /// <summary>The advantage of every token, calculated from the formula.</summary>
    /// <param name="batch">Scored responses.</param>
    /// <param name="kl">A KL penalty that is part of the reward; null or any other for none.</param>
    /// <exception cref="ArgumentException">The batch lacks a column that this estimator needs, or a reward is not
    /// finite.</exception>
    /// <exception cref="ArithmeticException">An advantage came out infinite.</exception>
    public AdvantageEstimate Estimate(RolloutBatch batch, Kl? kl = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new AdvantageRun(this, kl as KlInReward, batch).Estimate();
    }

    /// <summary>
    /// The same without what brings the whole batch to mean 0: a group of equal rewards stands at 0 only before that.
    /// </summary>
    internal virtual Advantage BeforeWhitening => this with { Whiten = null };

    /// <summary>Looks for what the estimator needs and the batch lacks, to say it in the estimator's own words.</summary>
    internal virtual void Verify(RolloutBatch batch) { }

    /// <summary>The estimator for the next rollout: itself, unless it learns from rollout to rollout (a running mean).</summary>
    /// <param name="batch">The rollout that was just used.</param>
    public virtual Advantage After(RolloutBatch batch) => this;
}
