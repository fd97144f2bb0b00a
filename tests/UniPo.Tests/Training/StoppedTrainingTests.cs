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

    [Fact]
    public void A_reward_that_throws_stops_the_run_with_task_prompt_response_and_cause()
    {
        var (calls, zero) = (0, 0);
        var task = new LetterTask { Score = (_, c) => ++calls > 3 * 32 ? calls / zero : c.Text.Length };
        var error = Assert.Throws<TrainingStoppedException>(() => New(Options with { MeasureHeldOut = false }, task).Train(50));
        Assert.Matches(
            "^Training stopped at step 3: the task 'letters' could not score the response \".*\" to the prompt \"\\d\": DivideByZeroException: ",
            error.Message
        );
        Assert.Equal(3, error.Run!.Steps.Count);
        Assert.Equal(error.Message, error.Run.Stopped);
        Assert.IsType<DivideByZeroException>(error.InnerException!.InnerException!.InnerException);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(KeyNotFoundException))]
    [InlineData(typeof(NotImplementedException))]
    public void Whatever_a_reward_throws_the_log_is_closed_with_it_and_nobody_blames_the_disk(Type fault)
    {
        var calls = 0;
        var task = new LetterTask
        {
            Score = (_, _) => ++calls > 2 * 32 ? throw (Exception)Activator.CreateInstance(fault, "no network")! : 1,
        };
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<TrainingStoppedException>(() =>
            New(Options with { MeasureHeldOut = false }, task).Record(9, folder["run.jsonl"], measureHeldOut: false)
        );
        var read = RunLog.Read(folder["run.jsonl"]);
        Assert.Contains($"the task 'letters' could not score the response", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"{fault.Name}: no network", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, error.Message), (read.Steps.Count, read.Stopped));
        Assert.Equal(2, error.Run!.Steps.Count);
    }

    [Fact]
    public void A_reward_that_throws_at_once_is_named_with_the_task_too() =>
        Assert.Contains(
            "could not score the response",
            Assert
                .Throws<TrainingStoppedException>(() =>
                    New(task: new LetterTask { Score = (_, _) => throw new ArgumentException("no") }).Train(1)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_run_whose_last_step_ruins_the_policy_keeps_all_its_steps()
    {
        static Trainer Ruinous() =>
            new(
                TinyTransformer.Load("addition"),
                Tasks.Addition(),
                Algorithms.Grpo,
                new()
                {
                    LearningRate = 1e20,
                    WarmupSteps = 0,
                    HeldOutPrompts = 8,
                }
            );
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<TrainingStoppedException>(() => Ruinous().Record(1, folder["run.jsonl"], checkpointEvery: 5));
        Assert.StartsWith(
            "After 1 steps the policy could not be measured on held-out prompts: ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Single(error.Run!.Steps);
        Assert.NotNull(error.Run.Before);
        Assert.Equal(error.Message, RunLog.Read(folder["run.jsonl"]).Stopped);
        Assert.Single(Assert.Throws<TrainingStoppedException>(() => Ruinous().Train(1)).Run!.Steps);
    }

    [Fact]
    public void A_step_that_would_leave_a_number_that_is_not_finite_is_taken_back()
    {
        var policy = Policy();
        float[] before = [.. policy.Parameters.Values];
        var error = Assert.Throws<TrainingStoppedException>(() =>
            New(Options with { LearningRate = 1e39, WarmupSteps = 0, MeasureHeldOut = false }, policy: policy).Train(5)
        );
        Assert.Matches("^Training stopped at step 0: the tensor 'table.weight' holds .* after the step.", error.Message);
        Assert.Equal(before, policy.Parameters.Values);
    }

    [Fact]
    public void A_measurement_that_fails_between_two_steps_keeps_the_step_before_it()
    {
        var measured = 0;
        var task = new LetterTask { Score = (p, _) => p.Text.Length == 2 && ++measured > 5 ? throw new IOException("gone") : 1 };
        var options = Options with { EvaluateEvery = 2, MeasureHeldOut = false };
        var trainer = New(options, new Unlisted(task));
        var error = Assert.Throws<TrainingStoppedException>(() => trainer.Train(9));
        Assert.Contains(
            "steps the policy could not be measured on held-out prompts: the task 'letters' could not score",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal((4, 4), (trainer.StepsTaken, error.Run!.Steps.Count));
        Assert.NotNull(error.Run.Steps[1].Metric("held_out_accuracy"));
        Assert.Null(error.Run.Steps[3].Metric("held_out_accuracy"));
    }

    [Fact]
    public void Whoever_is_told_of_progress_may_throw_and_the_run_so_far_is_kept_and_logged()
    {
        using var folder = new TemporaryFolder();
        var watcher = new Watcher(s =>
        {
            if (s.Step == 2)
                throw new IOException("the pipe is closed");
        });
        var error = Assert.Throws<TrainingStoppedException>(() => New().Record(9, folder["run.jsonl"], watcher));
        Assert.Equal(
            "Training stopped after 3 steps: what is told of each step threw IOException: the pipe is closed",
            error.Message
        );
        Assert.Equal((3, 3), (error.Run!.Steps.Count, RunLog.Read(folder["run.jsonl"]).Steps.Count));
        Assert.Equal(3, Assert.Throws<TrainingStoppedException>(() => New().Train(9, watcher)).Run!.Steps.Count);
    }

    [Theory]
    [InlineData(1e-320)]
    [InlineData(1e-4)]
    [InlineData(1e4)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_temperature_that_leaves_nothing_to_sample_is_refused(double temperature) =>
        Assert.Contains(
            "Temperature must lie in [0.001, 1000], but was",
            Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Temperature = temperature }).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1e20)]
    [InlineData(1e300)]
    public void A_learning_rate_without_measure_ends_in_a_sentence(double rate)
    {
        var error = Assert.Throws<TrainingStoppedException>(() =>
            new Trainer(
                TinyTransformer.Load("addition"),
                Tasks.Addition(),
                Algorithms.Grpo,
                new() { LearningRate = rate, HeldOutPrompts = 8 }
            ).Train(4)
        );
        Assert.Contains(FiniteCheck.Cause, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Run);
    }

    [Fact]
    public void Held_out_prompts_that_training_sees_are_refused_with_the_first_of_them()
    {
        var task = new LetterTask { TrainingPrompts = [new("0", "a"), new("21", "b"), new("32", "c")] };
        Assert.Equal(
            "The task 'letters' trains on 2 of its 5 held-out prompts, the first of them \"21\", so accuracy on them would say nothing about new prompts. Tasks.Split(prompts) divides prompts into two parts without overlap.",
            Assert.Throws<ArgumentException>(() => New(task: task)).Message
        );
    }

    [Fact]
    public void Settings_that_mean_nothing_are_refused()
    {
        Assert.Contains(
            "Decay must be None, Linear or Cosine, but was 9",
            Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Decay = (Decay)9 }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "PlannedSteps must be at least 1, but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => Options with { PlannedSteps = 0 }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Model must name the policy",
            Assert.Throws<ArgumentException>(() => Options with { Model = " " }).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>The same task without listed answers, so that measuring it asks for rewards.</summary>
    private sealed class Unlisted(ITask task) : ITask
    {
        public string Name => task.Name;
        public string Description => task.Description;
        public Vocabulary? Vocabulary => task.Vocabulary;
        public int MaxTokens => task.MaxTokens;
        public IReadOnlyList<Prompt> TrainingPrompts => task.TrainingPrompts;
        public IReadOnlyList<Prompt> HeldOutPrompts => task.HeldOutPrompts;

        public double Reward(Prompt prompt, Completion completion) => task.Reward(prompt, completion);

        public IEnumerable<string> RightResponses(Prompt prompt) => [];
    }

    private sealed class Watcher(Action<TrainingStep> see) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => see(value);
    }
}
