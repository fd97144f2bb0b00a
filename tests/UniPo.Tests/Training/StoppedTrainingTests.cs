using static UniPo.Tests.LetterTraining;

namespace UniPo.Tests;

/// <summary>What ends a training before its last step, and what never lets it begin.</summary>
public sealed class StoppedTrainingTests
{
    [Fact]
    public void A_reward_that_is_not_a_number_stops_the_run_and_names_step_and_prompt()
    {
        var calls = 0;
        var task = new LetterTask { Score = (prompt, _) => ++calls > 3 * 32 && prompt.Text == "2" ? double.NaN : 0.5 };
        var error = Assert.Throws<TrainingStoppedException>(() => New(Options with { MeasureHeldOut = false }, task).Train(50));
        Assert.Matches(
            "^Training stopped at step \\d+: the task 'letters' rewarded the response \".*\" to the prompt \"2\" with NaN; a reward must be a finite number.$",
            error.Message
        );
        Assert.True(error.Run!.Steps.Count >= 3);
        Assert.Equal(error.Message, error.Run.Stopped);
    }

    [Fact]
    public void A_learning_rate_that_is_far_too_high_stops_the_run_and_names_step_and_tensor()
    {
        var error = Assert.Throws<TrainingStoppedException>(() =>
            New(Options with { LearningRate = 1e38, WarmupSteps = 0, MeasureHeldOut = false }).Train(50)
        );
        Assert.Matches("^Training stopped at step \\d+: .*'table.weight'.*$", error.Message);
    }

    [Fact]
    public void Cancellation_stops_before_the_next_step_and_keeps_what_was_done()
    {
        using var source = new CancellationTokenSource();
        var run = New()
            .Train(
                50,
                new Watcher(s =>
                {
                    if (s.Step == 4)
                        source.Cancel();
                }),
                source.Token
            );
        Assert.Equal(5, run.Steps.Count);
        Assert.Equal("Cancelled after 5 of 50 steps.", run.Stopped);
        Assert.NotNull(run.After);
    }

    [Fact]
    public void Settings_outside_their_range_name_the_value_and_the_range()
    {
        Assert.Contains(
            "Steps must be at least 1, but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => New().Train(0)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Group must be at least 2 for the group-relative advantage of GRPO, but was 1",
            Assert.Throws<ArgumentException>(() => New(Options with { Group = 1 })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "MiniBatches must lie in 1..4",
            Assert.Throws<ArgumentException>(() => New(Options with { MiniBatches = 5 })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "LearningRate must be at least 0 and finite, but was NaN",
            Assert.Throws<ArgumentOutOfRangeException>(() => Options with { LearningRate = double.NaN }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Prompts must be at least 1, but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Prompts = 0 }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "GradientClip must be above 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => Options with { GradientClip = 0 }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "same vocabulary",
            Assert.Throws<ArgumentException>(() => New(task: Tasks.Addition())).Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Watcher(Action<TrainingStep> see) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => see(value);
    }
}
