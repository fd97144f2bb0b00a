namespace UniPo.Tests;

public class RubricAdvantageTests
{
    private static RolloutBatch Batch(params (double[] Scores, double[] Confidences)[] responses)
    {
        var batch = RolloutBatch.ByHand("?", [.. responses.Select(_ => new HandResponse("a", 0, [-1.0]))]);
        return batch with
        {
            Groups =
            [
                batch.Groups[0] with
                {
                    Responses =
                    [
                        .. responses.Select(r =>
                            batch.Responses[0] with
                            {
                                RewardParts = r.Scores,
                                RewardConfidences = r.Confidences,
                                Reward = r.Scores[0],
                            }
                        ),
                    ],
                },
            ],
        };
    }

    [Fact]
    public void One_item_of_confidence_1_is_exactly_grpo()
    {
        var batch = Batch(([1], [1]), ([0], [1]), ([0.5], [1]), ([0], [1]));
        Assert.Equal(new GroupMeanStd().PerResponse(batch), new RubricAdvantage().PerResponse(batch));
        Assert.Equal(
            (Algorithms.Grpo with { Kl = Kl.None }).Evaluate(batch).Weight.Values.ToArray(),
            Algorithms.Grape.Evaluate(batch).Weight.Values.ToArray()
        );
    }

    [Fact]
    public void Items_weigh_as_much_as_their_judges_are_sure_on_average()
    {
        var batch = Batch(([1, 0], [1, 0.2]), ([0, 1], [1, 0.4]));
        var weights = new RubricAdvantage().ItemWeights(batch, 0);
        Assert.Equal([2 / 2.6, 0.6 / 2.6], weights, (a, b) => Math.Abs(a - b) < 1e-15);
        var centred = new RubricAdvantage { Compare = new GroupMean() }.PerResponse(batch);
        Assert.Equal((2 - 0.6) / 2.6 / 2, centred[0], 15); // R = w_1 against R = w_2
        Assert.Equal(-centred[0], centred[1], 15);
    }

    [Fact]
    public void An_item_on_which_all_agree_contributes_nothing()
    {
        var with = Batch(([1, 0.7], [1, 1]), ([0, 0.7], [1, 1]));
        var without = Batch(([1], [1]), ([0], [1]));
        var z = new RubricAdvantage { Compare = new GroupMeanStd { Epsilon = 0 } };
        Assert.Equal(z.PerResponse(without), z.PerResponse(with), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Importance_and_ignored_confidence_are_switches()
    {
        var batch = Batch(([1, 0], [1, 0]), ([0, 1], [1, 0]));
        Assert.Equal([1, 0], new RubricAdvantage().ItemWeights(batch, 0));
        Assert.Equal([0.5, 0.5], new RubricAdvantage { Confidence = ConfidencePool.Ignored }.ItemWeights(batch, 0));
        Assert.Equal(
            [0.25, 0.75],
            new RubricAdvantage { Confidence = ConfidencePool.Ignored, Weights = new RewardWeights(1, 3) }.ItemWeights(batch, 0)
        );
    }

    [Fact]
    public void Without_rubric_parts_the_error_says_what_to_use() =>
        Assert.Contains(
            "Use a task with a rubric",
            Assert
                .Throws<ArgumentException>(() => Algorithms.Grape.Evaluate(RolloutBatch.ByHand("?", [new("a", 1, [-1.0])])))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_task_with_a_rubric_gives_scores_and_confidences_to_every_response()
    {
        var rubric = new Rubric(
            new RubricItem { Name = "right", Judge = (prompt, completion) => new(completion.Text == prompt.Answer ? 1 : 0) },
            new RubricItem
            {
                Name = "short",
                Judge = (_, completion) => new(1.0 / completion.Tokens, Confidence: 0.5),
                Importance = 3,
            }
        );
        var task = Tasks.Addition(digits: 1).WithRubric(rubric);
        var prompt = task.TrainingPrompts[0];
        var completion = new Completion(prompt.Answer!, 2, false);
        Assert.Equal([1, 0.5], task.RewardParts(prompt, completion));
        Assert.Equal([1, 0.5], task.RewardConfidences(prompt, completion));
        Assert.Equal((1 + 3 * 0.5) / 4, task.Reward(prompt, completion));
    }

    [Fact]
    public void A_score_outside_0_to_1_is_refused()
    {
        var task = Tasks.Addition(digits: 1).WithRubric(new Rubric(new RubricItem { Name = "bold", Judge = (_, _) => new(1.5) }));
        var error = Assert.ThrowsAny<ArithmeticException>(() =>
            task.Reward(task.TrainingPrompts[0], new Completion("3", 2, false))
        );
        Assert.Contains("the rubric item 'bold' judged the response \"3\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("the score 1.5 and the confidence 1; both must lie in [0, 1].", error.Message, StringComparison.Ordinal);
    }
}
