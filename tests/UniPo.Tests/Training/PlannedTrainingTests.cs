using static UniPo.Tests.LetterTraining;

namespace UniPo.Tests;

/// <summary>The plan is part of a run: splitting changes nothing, extending says what happens to the learning rate.</summary>
public sealed class PlannedTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Decay.None)]
    [InlineData(Decay.Linear)]
    [InlineData(Decay.Cosine)]
    public void Two_halves_of_a_planned_run_are_the_whole_run(Decay decay)
    {
        var (once, twice) = (Policy(), Policy());
        var options = Options with { Decay = decay };
        var whole = New(options, policy: once).Train(30).Curve("learning_rate");
        var trainer = New(options with { PlannedSteps = 30 }, policy: twice);
        var halves = trainer.Train(15).Curve("learning_rate").Concat(trainer.Train(15).Curve("learning_rate"));
        Assert.Equal(whole, halves);
        Assert.Equal(once.Parameters.Values, twice.Parameters.Values);
    }

    [Fact]
    public void The_first_number_of_steps_asked_for_is_the_plan()
    {
        var trainer = New(Options with { Decay = Decay.Cosine });
        Assert.Null(trainer.PlannedSteps);
        trainer.Train(10);
        trainer.Train(5);
        Assert.Equal(10, trainer.PlannedSteps);
    }

    [Fact]
    public void Steps_beyond_the_plan_keep_the_last_rate_and_the_run_says_so_once()
    {
        var trainer = New(Options with { Decay = Decay.Linear });
        Assert.Empty(trainer.Train(10).Warnings);
        var beyond = trainer.Train(5);
        Assert.All(beyond.Curve("learning_rate"), rate => Assert.Equal(0, rate));
        var warning = Assert.Single(beyond.Warnings);
        Assert.Equal(10, warning.Step);
        Assert.Contains("The plan was 10 steps, so the learning rate has fallen to 0", warning.Text, StringComparison.Ordinal);
        Assert.Contains("PlannedSteps", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_rate_can_be_extended_without_a_word()
    {
        var trainer = New();
        trainer.Train(10);
        Assert.Empty(trainer.Train(5).Warnings);
    }

    [Fact]
    public void A_resumed_run_follows_the_schedule_it_began_with()
    {
        var options = Options with { Decay = Decay.Cosine };
        var log = _folder["run.jsonl"];
        New(options).Record(10, log, checkpointEvery: 5);
        var run = New(options).Record(14, log, checkpointEvery: 5, resume: true);
        Assert.All(run.Curve("learning_rate")[10..], rate => Assert.Equal(0, rate));
        Assert.Contains(run.Warnings, w => w.Step == 10 && w.Text.Contains("The plan was 10 steps", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_plan_than_the_one_it_began_with_is_refused()
    {
        var options = Options with { Decay = Decay.Cosine };
        New(options).Record(10, _folder["run.jsonl"], checkpointEvery: 5);
        Assert.Contains(
            "its planned steps are 10, but 20 was asked for",
            Assert
                .Throws<InvalidDataException>(() =>
                    New(options with { PlannedSteps = 20 }).Record(20, _folder["run.jsonl"], checkpointEvery: 5, resume: true)
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_resumed_run_repeats_no_warning_and_forgets_none()
    {
        var silent = new LetterTask { Score = (_, _) => 0.5 };
        var whole = New(task: silent).Train(20).Warnings;
        var log = _folder["run.jsonl"];
        New(task: silent).Record(5, log, checkpointEvery: 5);
        Assert.Equal(whole, New(task: silent).Record(20, log, checkpointEvery: 5, resume: true).Warnings);
        Assert.Single(whole);
    }
}
