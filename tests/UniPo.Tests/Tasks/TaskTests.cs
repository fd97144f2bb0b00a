namespace UniPo.Tests;

public sealed class TaskTests
{
    private static readonly ITask Addition = Tasks.Addition();
    private static readonly Prompt Sum = new("27+58=", "85");

    [Fact]
    public void Two_digit_addition_has_8100_sums_and_a_fifth_of_them_is_held_out()
    {
        Assert.Equal(6480, Addition.TrainingPrompts.Count);
        Assert.Equal(1620, Addition.HeldOutPrompts.Count);
        Assert.Equal(8100, Addition.TrainingPrompts.Concat(Addition.HeldOutPrompts).Distinct().Count());
    }

    [Fact]
    public void Every_answer_of_addition_is_the_sum_of_its_operands()
    {
        foreach (var prompt in Addition.TrainingPrompts.Concat(Addition.HeldOutPrompts))
        {
            var operands = prompt.Text.TrimEnd('=').Split('+');
            Assert.Equal(6, prompt.Text.Length);
            Assert.Equal(int.Parse(operands[0]) + int.Parse(operands[1]), int.Parse(prompt.Answer!));
        }
    }

    [Theory]
    [InlineData("85", false, 1)]
    [InlineData("75", false, 0)]
    [InlineData("085", false, 0)]
    [InlineData("85", true, 0)]
    [InlineData("85_", false, 0)]
    [InlineData("", false, 0)]
    public void Addition_rewards_exactly_the_right_sum(string text, bool truncated, double reward) =>
        Assert.Equal(reward, Addition.Reward(Sum, new Completion(text, text.Length + 1, truncated)));

    [Fact]
    public void Every_right_response_fits_the_length_limit_and_earns_more_than_a_wrong_one()
    {
        var longest = new Prompt("99+99=", "198");
        foreach (var task in Tasks.Names.Select(Tasks.Named))
        {
            foreach (var text in task.RightResponses(longest))
            {
                var tokens = task.Vocabulary!.Encode(text).Length + 1;
                Assert.InRange(tokens, 1, task.MaxTokens);
                Assert.True(
                    task.Reward(longest, new Completion(text, tokens, false))
                        > task.Reward(longest, new Completion("88", 3, false)),
                    $"{task.Name}: {text}"
                );
            }
        }
    }

    [Theory]
    [InlineData(ScratchpadPlace.AfterAnswer, "85....", 1)]
    [InlineData(ScratchpadPlace.AfterAnswer, "85", 1)]
    [InlineData(ScratchpadPlace.AfterAnswer, "..85", 0)]
    [InlineData(ScratchpadPlace.AfterAnswer, "8.5.", 0)]
    [InlineData(ScratchpadPlace.BeforeAnswer, "....85", 1)]
    [InlineData(ScratchpadPlace.BeforeAnswer, "85..", 0)]
    public void A_scratchpad_may_have_any_number_of_dots_on_its_own_side(ScratchpadPlace place, string text, double reward) =>
        Assert.Equal(reward, Tasks.Scratchpad(place: place).Reward(Sum, new Completion(text, text.Length + 1, false)));

    [Fact]
    public void A_scratchpad_that_is_cut_off_earns_nothing() =>
        Assert.Equal(0, Tasks.Scratchpad().Reward(Sum, new Completion("85" + new string('.', 22), 24, true)));

    [Fact]
    public void Right_responses_of_the_scratchpad_are_all_lengths_that_fit() =>
        Assert.Equal(["85", "85.", "85..", "85..."], Tasks.Scratchpad(maxTokens: 6).RightResponses(Sum));

    [Fact]
    public void A_pool_keeps_the_held_out_prompts_and_an_offset_keeps_the_order_of_rewards()
    {
        var task = Tasks.Addition(pool: 10, rewardOffset: 5);
        Assert.Equal(10, task.TrainingPrompts.Count);
        Assert.Equal(Addition.HeldOutPrompts, task.HeldOutPrompts);
        Assert.Equal(6, task.Reward(Sum, new Completion("85", 3, false)));
        Assert.Equal(5, task.Reward(Sum, new Completion("75", 3, false)));
        Assert.Equal("addition (pool of 10) (reward +5)", task.Name);
    }

    [Fact]
    public void A_tighter_length_limit_leaves_fewer_right_responses() =>
        Assert.Equal(["85", "85."], Tasks.Scratchpad().WithMaxTokens(4).RightResponses(Sum));

    [Fact]
    public void The_rubric_scores_format_digits_exactness_and_brevity_and_lets_a_judge_guess()
    {
        var task = Tasks.Rubric(judgeNoise: 0.5);
        Assert.Equal(["format", "digits", "exact", "brief", "looks right"], task.RewardNames);
        double[] Parts(string text, bool truncated = false) =>
            [.. task.RewardParts(Sum, new Completion(text, text.Length + 1, truncated)).Take(4)];
        Assert.Equal([1, 1, 1, 1], Parts("85"));
        Assert.Equal([1, 1, 1, 0.75], Parts("85......"));
        Assert.Equal([1, 0.5, 0, 1], Parts("75"));
        Assert.Equal([0, 0, 0, 1], Parts("+="));
        Assert.Equal([0, 1, 0, 1], Parts("85", truncated: true));
        Assert.Equal(
            task.RewardParts(Sum, new Completion("75", 3, false)),
            task.RewardParts(Sum, new Completion("75", 3, false))
        );
        Assert.Equal(1 / 26.0, task.RewardConfidences(Sum, new Completion("75", 3, false))[4], 12);
        Assert.Equal(
            1,
            Tasks.Rubric(confidence: JudgeConfidence.Certain).RewardConfidences(Sum, new Completion("75", 3, false))[4]
        );
        Assert.Equal(
            25 / 26.0,
            Tasks.Rubric(confidence: JudgeConfidence.Inverted).RewardConfidences(Sum, new Completion("75", 3, false))[4],
            12
        );
    }

    [Fact]
    public void Every_task_and_variant_has_a_base_model()
    {
        Assert.Equal(
            ["addition", "scratchpad", "scratchpad", "scratchpad-before"],
            Tasks.Names.Select(name => BaseModel.For(Tasks.Named(name)).Name)
        );
        Assert.Equal("addition", BaseModel.For(Tasks.Addition(pool: 10, rewardOffset: 5)).Name);
    }

    [Fact]
    public void An_unknown_task_is_answered_with_the_known_ones() =>
        Assert.StartsWith(
            "There is no task 'subtraction'; the tasks are addition, scratchpad",
            Assert.Throws<ArgumentException>(() => Tasks.Named("subtraction")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Settings_outside_their_range_name_the_value_and_the_range()
    {
        Assert.Contains(
            "Digits must lie in 1..3 (a task lists all its sums), but was 9",
            Message(() => Tasks.Addition(9)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "must lie in 1..6480, the training prompts of 'addition', but was 0",
            Message(() => Tasks.Addition(pool: 0)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "must be finite, but was NaN",
            Message(() => Tasks.Addition(rewardOffset: double.NaN)),
            StringComparison.Ordinal
        );
        Assert.Contains("MaxTokens must be at least 4", Message(() => Tasks.Scratchpad(maxTokens: 3)), StringComparison.Ordinal);
    }

    private static string Message(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).Message;
}
