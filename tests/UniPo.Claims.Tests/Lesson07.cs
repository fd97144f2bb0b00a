namespace UniPo.Claims.Tests;

/// <summary>Dr. GRPO: the two divisions of GRPO, each by itself.</summary>
public sealed class Lesson07(ClaimPage page) : IClassFixture<ClaimPage>
{
    private static readonly PolicyObjective Constant = Algorithms.DrGrpo;
    private static readonly PolicyObjective ByLength = Algorithms.DrGrpo with
    {
        Name = "divided by length",
        Aggregation = Aggregation.SequenceMean,
    };

    [Claim("07", "dividing by length pushes a token of a long wrong response down less than one of a short wrong response")]
    public void A_long_wrong_response_is_let_off()
    {
        var batch = RolloutBatch.ByHand(
            "2+3=",
            [new("5$", 1, [-0.5, -0.1]), new("6$", 0, [-0.5, -0.1]), new("6.......$", 0, [.. Enumerable.Repeat(-0.5, 9)])],
            maxTokens: 9
        );
        double Ratio(PolicyObjective o) => o.Evaluate(batch).Weight[1, 0] / o.Evaluate(batch).Weight[2, 0];
        page.Found(
            this,
            Verdict.Exact,
            $"push on a token of a wrong response of 2 tokens over one of 9 tokens: {Ratio(ByLength):0.0} divided by length, {Ratio(Constant):0.0} divided by a constant"
        );
        Assert.Equal(4.5, Ratio(ByLength), 9);
        Assert.Equal(1, Ratio(Constant), 9);
    }

    [Claim("07", "… so wrong responses get longer, and right ones shorter by as much")]
    public void The_exact_gradient_lengthens_wrong_and_shortens_right_responses()
    {
        var (known, shared) = (
            LengthTree.Drift(ByLength, tailsAreShared: false),
            LengthTree.Drift(ByLength, tailsAreShared: true)
        );
        var constant = LengthTree.Drift(Constant, tailsAreShared: false);
        page.Found(
            this,
            Verdict.InPart,
            $"tree in which 30 % are right, then 0 to 12 dots; slope of the mean length along the gradient: wrong {known.Wrong:+0.0000;-0.0000}, right {known.Right:+0.0000;-0.0000}, divided by a constant {constant.Wrong:+0.0000;-0.0000;0} and {constant.Right:+0.0000;-0.0000;0}. Where the policy cannot know whether it is right when it chooses its length, both are {shared.Wrong:+0.0000;-0.0000;0}"
        );
        Assert.True(known.Wrong > 1e-3);
        Assert.Equal(known.Wrong, -known.Right, 1e-6);
        Assert.Equal(0, constant.Wrong, 1e-6);
        Assert.Equal(0, constant.Right, 1e-6);
        Assert.Equal(0, shared.Wrong, 1e-6);
    }

    [Claim("07", "… and in training wrong responses become longer than right ones")]
    public void In_training_all_responses_move_alike()
    {
        var pairs = Runs.Over(10, seed => (ByLength: Lengths(ByLength, seed), Constant: Lengths(Constant, seed)));
        double[] Difference(Func<(double Wrong, double Right), double> of) =>
            [.. pairs.Select(p => of(p.ByLength) - of(p.Constant))];
        Estimate wrong = Difference(l => l.Wrong).Estimate(),
            right = Difference(l => l.Right).Estimate(),
            gap = Difference(l => l.Wrong - l.Right).Estimate();
        page.Found(
            this,
            Verdict.DoesNotHold,
            $"scratchpad, 250 steps, 10 seeds, last fifth, divided by length minus by a constant, in tokens: wrong {wrong}, right {right}, wrong minus right {gap}"
        );
        Assert.True(gap.IsWithin(0.5), $"{gap}");
    }

    [Claim("07", "dividing by the group's spread favours very easy and very hard prompts")]
    public void The_spread_favours_easy_and_hard_prompts()
    {
        double Gain(double p) =>
            GroupWeight.Of(Algorithms.DrGrpo with { Advantage = new GroupMeanStd() }, p, 16)
            / GroupWeight.Of(Algorithms.DrGrpo, p, 16);
        page.Found(
            this,
            Verdict.Exact,
            "mean push on a right answer, with over without the division, groups of 16: "
                + string.Join(", ", new[] { 0.02, 0.1, 0.3, 0.5 }.Select(p => $"{Gain(p):0.00} at p = {p}"))
                + $"; and {Gain(0.98):0.00} at p = 0.98"
        );
        Assert.InRange(Gain(0.02) / Gain(0.5), 1.7, 2);
        Assert.Equal(Gain(0.02), Gain(0.98), 1e-9);
    }

    [Claim("07", "… which makes a difference in learning")]
    public void The_spread_makes_no_difference_in_learning()
    {
        Assert.True((ByLength with { Advantage = new GroupMeanStd() }).Against(SharedRuns.PlainGrpo).IsEmpty);
        var with = SharedRuns.Plain;
        var without = Runs.Train("addition", Tasks.Addition(), ByLength, 150, o => o with { HeldOutPrompts = 800 });
        var difference = with.After().Minus(without.After());
        page.Found(
            this,
            Verdict.DoesNotHold,
            $"150 steps: right {with.After().Average():0.000}, with minus without {difference}"
        );
        Assert.True(difference.IsWithin(0.02), $"{difference}");
    }

    /// <summary>Mean length of wrong and of right responses over the last fifth of a run.</summary>
    private static (double Wrong, double Right) Lengths(PolicyObjective objective, ulong seed)
    {
        const int steps = 250;
        var trainer = new Trainer(
            Runs.Base("scratchpad").Clone(),
            Tasks.Scratchpad(),
            objective,
            new()
            {
                Seed = seed,
                Threads = 1,
                TrackKl = false,
            }
        );
        List<double> wrong = [],
            right = [];
        foreach (var step in trainer.Steps(steps))
            if (step.Step >= steps * 4 / 5)
                foreach (var response in step.Report!.Batch.Responses)
                    (response.Reward > 0 ? right : wrong).Add(response.Length);
        return (wrong.Average(), right.Average());
    }
}
