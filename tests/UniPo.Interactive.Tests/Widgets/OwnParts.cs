namespace UniPo.Interactive.Tests.Widgets;

/// <summary>A part of every kind as a learner writes one, each with a setting of its own; and an algorithm that is no policy objective.</summary>
internal static class OwnParts
{
    private static Expression Own(string letter, double value) => Expression.Setting(letter, value, "the learner's own setting");

    public static PolicyObjective Advantage { get; } =
        Algorithms.Grpo with
        {
            Name = "own advantage",
            Advantage = UniPo.Advantage.Of("median", r => Own("κ", 2) * (r - Over.Group.Median(r))),
        };

    public static PolicyObjective Ratio { get; } =
        Algorithms.Grpo with
        {
            Name = "own ratio",
            Ratio = UniPo.Ratio.Of("tempered", d => Expression.Exp(Own("θ", 0.5) * d)),
        };

    public static PolicyObjective Region { get; } =
        Algorithms.Grpo with
        {
            Name = "own region",
            Clip = TrustRegion.Of(
                "soft",
                t => t.Advantage * Expression.Min(t.Ratio, 1 + Own("τ", 0.1)) - Own("σ", 0.3) * Expression.Power(t.Ratio - 1, 2)
            ),
        };

    public static PolicyObjective Aggregation { get; } =
        Algorithms.Grpo with
        {
            Name = "own aggregation",
            Aggregation = UniPo.Aggregation.Of(
                "by the root of the length",
                f => Over.Responses.Sum(1 / Expression.Power(Quantities.Length, Own("ω", 0.5)) * Over.Tokens.Sum(f))
            ),
        };

    public static PolicyObjective Estimator { get; } =
        Algorithms.Grpo with
        {
            Name = "own estimator",
            Kl = Kl.InLoss(0.1, KlEstimator.Of("soft", u => Expression.Sqrt(Expression.Power(u, 2) + Own("η", 0.2)))),
        };

    public static PreferenceObjective Loss { get; } =
        Algorithms.Dpo with
        {
            Name = "own loss",
            Loss = PreferenceLoss.Of("square", (w, l) => Expression.Power(w - l - Own("μ", 2), 2)),
        };

    public static IReadOnlyList<Objective> All { get; } = [Advantage, Ratio, Region, Aggregation, Estimator, Loss];

    public static Objective Whole { get; } = new Likelihood { Name = "own algorithm" };

    /// <summary>Log-likelihood of what was rewarded: an objective of its own class whose formula is what it computes.</summary>
    internal sealed record Likelihood : Objective
    {
        private readonly PolicyObjective _twin = Algorithms.Reinforce with
        {
            Advantage = UniPo.Advantage.Of("half", r => Own("λ", 0.5) * r),
            Aggregation = UniPo.Aggregation.TokenSum,
        };

        public override Formula Formula =>
            UniPo.Formula.Of(
                Over.Responses.Sum(Own("λ", 0.5) * (Expression)Quantities.Reward * Over.Tokens.Sum(Quantities.LogProb))
            );

        public override IReadOnlyList<ObjectivePart> Parts => [];

        public override CreditedBatch Credit(RolloutBatch batch) => _twin.Credit(batch);

        public override TokenReport Evaluate(CreditedBatch batch) =>
            _twin.Evaluate(batch) with
            {
                Objective = this,
                Ratio = null,
                Clipped = null,
                TokenObjective = null,
                AggregationWeight = null,
                Advantage = null,
            };
    }
}
