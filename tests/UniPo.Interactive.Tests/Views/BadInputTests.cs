namespace UniPo.Interactive.Tests.Views;

/// <summary>
/// Every unusual input has its stated look: a sentence, a gap or a cut, never an exception and never an empty box.
/// </summary>
public sealed class BadInputTests
{
    [Fact]
    public void Empty_run_is_a_sentence()
    {
        Assert.Equal("This run took no steps, so there are no curves.", Sample.Run(0).Curves().ToString());
        Assert.Contains("took no steps", Sample.Run(0).Curves().ToHtml(), StringComparison.Ordinal);
        Assert.Contains("took no steps", Sample.Run(0).Radial().ToHtml(), StringComparison.Ordinal);
        Assert.Contains("took no steps", new[] { Sample.Run(0) }.Ranking().ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_runs_are_a_sentence() =>
        Assert.Equal("There are no runs to show.", Array.Empty<TrainingRun>().Curves().ToString());

    [Fact]
    public void Run_without_metrics_is_a_sentence()
    {
        var run = Sample.Run(3);
        run = run with { Steps = [.. run.Steps.Select(s => s with { Metrics = new Dictionary<string, double>() })] };
        Assert.Equal("The steps of this run hold no metrics, so there are no curves.", run.Curves().ToString());
    }

    [Fact]
    public void One_step_is_a_dot_in_the_middle_of_each_panel()
    {
        var html = Sample.Run(1).Curves().ToHtml();
        Assert.Contains("l0 0\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Contains("0.2888 → 0.2888", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Metric_that_is_not_a_number_is_a_gap_and_the_numbers_around_it_stay()
    {
        var run = Sample.Run(20);
        run = run with
        {
            Steps =
            [
                .. run.Steps.Select(s =>
                    s.Step is 5 or 6
                        ? s with
                        {
                            Metrics = new Dictionary<string, double>
                            {
                                ["reward"] = s.Step == 5 ? double.NaN : double.PositiveInfinity,
                            },
                        }
                        : s
                ),
            ],
        };
        var curves = run.Curves() with { Metrics = ["reward"], Smoothing = 1 };
        var path = System.Text.RegularExpressions.Regex.Match(curves.ToHtml(), "class=\"c\" d=\"([^\"]*)\"").Groups[1].Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.DoesNotContain("NaN", curves.ToHtml() + curves, StringComparison.Ordinal);
    }

    [Fact]
    public void Metric_that_nobody_measured_says_so() =>
        Assert.Contains(
            "No step measured my metric.",
            (Sample.Run(4).Curves() with { Metrics = ["my_metric"] }).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void Hundred_thousand_steps_fit_into_one_output()
    {
        var html = Sample.Run(100_000).Curves().ToHtml();
        Assert.InRange(html.Length, 10_000, 64 * 1024);
    }

    [Fact]
    public void Runs_of_unequal_length_share_their_panels()
    {
        var text = (
            new[] { Sample.Run(10, 1), Sample.Run(4, 2), Sample.Run(7, 1, "Dr. GRPO") }.Curves() with
            {
                Metrics = ["reward"],
            }
        ).ToString();
        Assert.Contains("10 steps", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_batch_is_a_sentence()
    {
        var layout = new TokenLayout([], []);
        var batch = new RolloutBatch
        {
            Groups = [],
            Layout = layout,
            LogProbs = new TokenColumn(layout, []),
            OldLogProbs = new TokenColumn(layout, []),
        };
        Assert.Equal("This batch holds no responses, so there are no tokens to show.", batch.Tokens().ToString());
        Assert.Contains("holds no responses", batch.Tokens().ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Response_without_tokens_says_so()
    {
        var batch = Sample.Batch(("p", null, [([], 0, true), (["x"], 1, false)]));
        Assert.Contains("no tokens", batch.Tokens().ToHtml(), StringComparison.Ordinal);
        Assert.Contains("0 tokens", batch.Tokens().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_token_is_a_table_of_one() =>
        Assert.Contains(
            "1 prompt, 1 response, 1 token",
            Sample.Batch(("p", null, [(["x"], 1, false)])).Tokens().ToString(),
            StringComparison.Ordinal
        );

    [Theory]
    [
        InlineData(TokenColour.Weight, "Evaluate an objective"),
        InlineData(TokenColour.Advantage, "Evaluate an objective"),
        InlineData(TokenColour.Value, "value head")
    ]
    public void Column_that_is_missing_says_so_and_how_to_get_it(TokenColour colour, string remedy)
    {
        var table = Sample.Sums().Tokens(colour);
        Assert.Contains(remedy, table.ToString(), StringComparison.Ordinal);
        Assert.Contains(remedy, table.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Number_of_a_token_that_is_not_finite_is_a_dash()
    {
        var batch = Sample.Batch(("p", null, [(["x", "y"], 1, false)]));
        batch = batch with { Entropies = new TokenColumn(batch.Layout, [double.NaN, 1]) };
        Assert.Contains("x[—] y[1]", batch.Tokens(TokenColour.Entropy).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", batch.Tokens(TokenColour.Entropy).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_without_tokens_has_no_moment_and_says_what_keeps_one()
    {
        Assert.Contains("trainer.Follow(steps, prompt)", Sample.Run(2).Moment().ToString(), StringComparison.Ordinal);
        var other = Sample.Followed().Moment() with { Prompt = "1+1=" };
        Assert.Equal("No step of this run keeps answers to 1+1=.", other.ToString());
    }

    [Fact]
    public void Reports_on_different_responses_cannot_be_compared() =>
        Assert.Contains(
            "same batch",
            Assert
                .Throws<ArgumentException>(() => new[] { Sample.Grpo(Sample.Sums()), Sample.Grpo(Sample.Large()) }.SideBySide())
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Single_seed_has_no_interval_and_cannot_be_told() =>
        Assert.Contains(
            "one seed: cannot be told",
            new[] { Sample.Run(5, 1), Sample.Run(5, 1, "Dr. GRPO") }.Ranking().ToString(),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0.0), InlineData(-1.0), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Colour_limit_must_be_a_positive_number(double limit) =>
        Assert.Contains(
            "must be a positive number, but was",
            Assert.Throws<ArgumentOutOfRangeException>(() => TokenRange.Fixed(limit)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Settings_below_one_are_named_with_their_value()
    {
        var table = Sample.Sums().Tokens();
        Assert.Contains(
            "Prompts must be at least 1, but was 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => table with { Prompts = 0 }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Smoothing must be at least 1 step, but was 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Run().Curves() with { Smoothing = 0 }).Message,
            StringComparison.Ordinal
        );
    }
}
