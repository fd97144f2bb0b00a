namespace UniPo.Tests;

/// <summary>Anyone can write a part: it is evaluated, differentiated, explained and compared from its formula alone.</summary>
public class OwnPartTests
{
    private static readonly PolicyObjective _base = Algorithms.Grpo with { Kl = Kl.None };

    public static IReadOnlyDictionary<string, Objective> All { get; } =
        new Objective[]
        {
            _base with
            {
                Name = "median",
                Advantage = Advantage.Of("median", r => r - Over.Group.Median(r)),
            },
            _base with
            {
                Name = "best",
                Advantage = Advantage.Of("lead", r => r - Over.Others.Largest(r)),
            },
            _base with
            {
                Name = "whitened",
                Advantage = Advantage.Of("centred", r => r - Over.Batch.Mean(r)) with { Whiten = new() },
            },
            _base with
            {
                Name = "tempered",
                Ratio = Ratio.Of("tempered", d => Expression.Exp(Expression.Setting("τ", 0.5, "how much of a move counts") * d)),
            },
            _base with
            {
                Name = "one a response",
                Ratio = Ratio.Of("mean", d => Expression.Exp(Over.Tokens.Mean(d))),
            },
            _base with
            {
                Name = "square",
                Clip = TrustRegion.Of(
                    "square",
                    t =>
                        t.Ratio * t.Advantage
                        - Expression.Setting("ρ", 2, "strength of the pull") * Expression.Power(t.Ratio - 1, 2)
                ),
            },
            _base with
            {
                Name = "one side",
                Clip = TrustRegion.Of("one side", t => Expression.Min(t.Ratio, 1.1) * t.Advantage),
            },
            _base with
            {
                Name = "root of the length",
                Aggregation = Aggregation.Of(
                    "root",
                    f =>
                        1
                        / (Expression)Quantities.Responses
                        * Over.Responses.Sum(1 / Expression.Sqrt(Quantities.Length) * Over.Tokens.Sum(f))
                ),
            },
            _base with
            {
                Name = "fourth power",
                Kl = Kl.InLoss(0.3, KlEstimator.Of("u⁴", u => Expression.Power(u, 4))),
            },
            _base with
            {
                Name = "ratio against the batch",
                Clip = TrustRegion.Of("relative", t => (t.Ratio - Over.AllTokens.Mean(t.Ratio)) * t.Advantage),
            },
            _base with
            {
                Name = "spread of ratios",
                Clip = TrustRegion.Of("spread", t => t.Ratio * t.Advantage - Over.AllTokens.Std(t.Ratio)),
            },
            Algorithms.Dpo with
            {
                Name = "square margin",
                Loss = PreferenceLoss.Of("square", (a, b) => Expression.Power(1 - (a - b), 2)),
            },
        }.ToDictionary(o => o.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_own_part_has_exact_weights_and_an_explanation(string name)
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var batch = RandomBatch.Of(seed, 0.3);
            FormulaProof.Holds(All[name], batch);
            ExplanationProof.Holds(All[name], batch);
            Derivative.AgreesWithWeight(All[name], batch);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_own_part_has_a_card_a_difference_and_its_letters_as_settings(string name)
    {
        var objective = All[name];
        Assert.Contains("J", objective.ToString(), StringComparison.Ordinal);
        var grpo = objective is PreferenceObjective ? (Objective)Algorithms.Dpo : _base;
        Assert.Single(grpo.Against(objective).Differences, d => d.Name != "sampling");
        Assert.Equal(objective.Formula.ToString().Contains('τ'), objective.Formula.Settings.Any(s => s.Text == "τ"));
    }

    [Fact]
    public void A_median_is_what_it_says()
    {
        var batch = RolloutBatch.ByHand(
            "?",
            [new("a", 1, [-1.0]), new("b", 0, [-1.0]), new("c", 5, [-1.0]), new("d", 2, [-1.0])]
        );
        Assert.Equal([-0.5, -1.5, 3.5, 0.5], Advantage.Of("median", r => r - Over.Group.Median(r)).PerResponse(batch));
    }

    [Fact]
    public void Own_parts_are_equal_when_they_are_written_alike()
    {
        Advantage Tempered(double t) => Advantage.Of("scaled", r => r * Expression.Setting("t", t, "scale"));
        Assert.Equal(Tempered(2), Tempered(2));
        Assert.NotEqual(Tempered(2), Tempered(3));
    }

    [Fact]
    public void A_bound_that_bites_in_an_own_part_is_marked()
    {
        var batch = RolloutBatch.ByHand(
            "?",
            [
                new("a", 1, [-0.5], OldLogProbs: [-1.0]),
                new("b", 0, [-0.5], OldLogProbs: [-1.0]),
                new("c", 1, [-1.0], OldLogProbs: [-1.0]),
            ]
        );
        Assert.Equal([ClipSide.High, ClipSide.High, ClipSide.None], All["one side"].Evaluate(batch).Clipped!);
    }

    public static TheoryData<string, string, Func<object>> Refused =>
        new()
        {
            { "a token's number in an advantage", "fold it", () => Advantage.Of("a", r => r * Quantities.LogProb) },
            { "a division by what can be 0", "which can be 0", () => Advantage.Of("z", r => r / Over.Group.Std(r)) },
            { "a division by 0", "divides by 0", () => TrustRegion.Of("z", t => t.Ratio / 0) },
            {
                "two settings of one letter",
                "two settings called τ",
                () => Ratio.Of("t", d => Expression.Exp(Expression.Setting("τ", 1, "a") * d + Expression.Setting("τ", 2, "b")))
            },
            { "an aggregation that is no sum", "one number for each batch", () => Aggregation.Of("a", f => f) },
            { "a sum over responses of tokens", "Over.Tokens first", () => Aggregation.Of("a", f => Over.Responses.Sum(f)) },
            { "a token later outside of a sum", "s−t", () => Ratio.Of("a", d => d * Quantities.TokensLater) },
            {
                "a pair's number beside a response's",
                "Over.Chosen",
                () => PreferenceLoss.Of("a", (a, b) => a * Quantities.Reward)
            },
            { "no formula", "no formula", () => KlEstimator.Of("a", _ => null!) },
            {
                "a setting that is no number",
                "be a number",
                () => KlEstimator.Of("a", u => Expression.Setting("x", double.NaN, "m") * u)
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_formula_that_cannot_run_is_refused_where_it_is_written(string what, string reason, Func<object> write)
    {
        var e = Assert.ThrowsAny<ArgumentException>(write);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.True(e.Message.Length < 300, what + ": " + e.Message);
    }

    [Fact]
    public void A_divisor_that_is_held_above_0_is_accepted()
    {
        Assert.NotNull(Advantage.Of("a", r => (r - Over.Group.Mean(r)) / (Over.Group.Std(r) + 1e-6)));
        Assert.NotNull(Advantage.Of("b", r => r / Expression.Max(Over.Group.Std(r), 0.1)));
        Assert.NotNull(Advantage.Of("c", r => Expression.Cases(Over.Group.Std(r) > 0, r / Over.Group.Std(r), 0)));
    }

    [Fact]
    public void Bounds_that_are_mixed_up_are_refused_with_what_was_meant()
    {
        Assert.Contains(
            "Did you mean 0.2, 0.2?",
            Assert.Throws<ArgumentException>(() => new Clip(0.8, 1.2)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "other way round",
            Assert
                .Throws<ArgumentException>(() =>
                    (
                        _base with
                        {
                            Clip = new CispoClip { Lowest = 5, Highest = 0.2 },
                        }
                    ).Formula
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, new Clip(1, 4).Low); // no lower bound
    }

    [Fact]
    public void Parts_can_be_exchanged_without_with_expressions() =>
        Assert.Equal(
            Algorithms.Grpo with
            {
                Clip = Clip.Symmetric(0.1),
                Kl = Kl.None,
            },
            Algorithms.Grpo.With(trustRegion: Clip.Symmetric(0.1), kl: Kl.None)
        );
}
