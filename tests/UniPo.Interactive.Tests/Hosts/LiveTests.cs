using Microsoft.DotNet.Interactive;
using UniPo.Interactive.Hosts;

namespace UniPo.Interactive.Tests.Hosts;

/// <summary>Curves that grow in one output of a running cell.</summary>
public sealed class LiveTests
{
    [Fact]
    public void Thousand_steps_draw_at_most_four_pictures_a_second()
    {
        using var cell = KernelInvocationContext.Begin("trainer.Train(1000, live: true)");
        var time = TimeSpan.Zero;
        var run = Sample.Run(1000);
        var live = new LiveTraining(
            run.Header,
            1000,
            new Throttle(TimeSpan.FromMilliseconds(250), () => time),
            LiveDisplay.Open(new LiveCurves(run with { Steps = [] }, 1000)),
            null
        );
        foreach (var step in run.Steps)
        {
            live.Report(step);
            time += TimeSpan.FromMilliseconds(10);
        }
        live.Finish(run);
        var output = Assert.Single(cell.Outputs);
        Assert.InRange(output.States.Count, 30, 42); // ten seconds, the first picture and the last
        Assert.IsType<LearningCurves>(output.States[^1]);
    }

    [Fact]
    public void Training_in_a_cell_ends_as_the_finished_curves()
    {
        using var cell = KernelInvocationContext.Begin("trainer.Train(2, live: true)");
        var run = SmallTrainer().Train(2, live: true);
        Assert.Equal(2, run.Steps.Count);
        Assert.Same(run, Assert.IsType<LearningCurves>(Assert.Single(cell.Outputs).States[^1]).Runs[0]);
    }

    [Fact]
    public void Curves_at_the_end_of_the_cell_do_not_stand_there_twice()
    {
        using var cell = KernelInvocationContext.Begin("var run = trainer.Train(2, live: true);\nrun.Curves()");
        var run = SmallTrainer().Train(2, live: true);
        Assert.Contains("stand above", Text(run.Curves()), StringComparison.Ordinal);
        Assert.DoesNotContain("stand above", Text(run.Curves() with { Metrics = ["reward"] }), StringComparison.Ordinal);
        using var next = KernelInvocationContext.Begin("run.Curves()");
        Assert.DoesNotContain("stand above", Text(run.Curves()), StringComparison.Ordinal);

        static string Text(View view)
        {
            var written = new StringWriter();
            Assert.True(Formats.Plain(view, written));
            return written.ToString();
        }
    }

    [Fact]
    public void Pictures_of_a_run_that_goes_on_do_not_carry_the_script()
    {
        var written = new StringWriter();
        Assert.True(Formats.Html(new LiveCurves(Sample.Run(3), 9), written));
        Assert.DoesNotContain("data-unipo-bundle", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_button_of_the_cell_stops_the_training_and_keeps_its_steps()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var cell = KernelInvocationContext.Begin("trainer.Train(50, live: true)", stop.Token);
        var run = SmallTrainer().Train(50, live: true);
        Assert.Empty(run.Steps);
        Assert.Contains("Cancelled", run.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public void Console_gets_one_line_that_is_overwritten()
    {
        var console = new StringWriter();
        var time = TimeSpan.Zero;
        var run = Sample.Run(20);
        var live = new LiveTraining(
            run.Header,
            20,
            new Throttle(TimeSpan.FromSeconds(1), () => time += TimeSpan.FromSeconds(1)),
            null,
            console
        );
        foreach (var step in run.Steps)
            live.Report(step);
        live.Finish(run);
        Assert.Equal(1, console.ToString().Count(c => c == '\n'));
        Assert.StartsWith("\rstep 1 of 20  reward 0.2888", console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Redirected_console_gets_the_last_step_only()
    {
        var console = new StringWriter();
        var run = Sample.Run(20);
        var live = new LiveTraining(run.Header, 20, Throttle.FourASecond(), null, console, overwrites: false);
        foreach (var step in run.Steps)
            live.Report(step);
        live.Finish(run);
        Assert.StartsWith("step 20 of 20", console.ToString(), StringComparison.Ordinal);
        Assert.Single(console.ToString().Trim().Split('\n'));
    }

    [Fact]
    public void Growing_curves_keep_the_height_of_the_finished_ones()
    {
        var run = Sample.Run(10);
        string Panels(View view) =>
            string.Join(
                ",",
                System.Text.RegularExpressions.Regex.Matches(view.ToHtml(), "viewBox=\"0 0 360 190\"").Select(m => m.Value)
            );
        Assert.Equal(Panels(run.Curves()), Panels(new LiveCurves(run with { Steps = [.. run.Steps.Take(1)] }, 10)));
    }

    private static Trainer SmallTrainer()
    {
        var task = Tasks.Addition(digits: 1);
        var policy = TinyTransformer.Create(
            new TinyTransformerConfig
            {
                Layers = 1,
                Width = 16,
                Heads = 2,
                ContextLength = 16,
            },
            task.Vocabulary!,
            seed: 1
        );
        return new Trainer(
            policy,
            task,
            Algorithms.Grpo,
            new TrainerOptions
            {
                Seed = 1,
                Prompts = 2,
                Group = 4,
                HeldOutPrompts = 4,
            }
        );
    }
}
