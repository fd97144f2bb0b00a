namespace UniPo.Interactive.Tests.Views;

/// <summary>How the views look, as files a reader can open: HTML without its style rules, and the text twin.</summary>
public sealed class ExpectationTests
{
    [Fact]
    public void Token_table_of_a_report() => Expectation.Matches(Sample.Grpo(Sample.Sums()).Tokens(), "token-table");

    [Fact]
    public void Token_table_of_a_batch_shows_probabilities() => Expectation.Matches(Sample.Sums().Tokens(), "token-table-batch");

    [Fact]
    public void Token_table_cuts_long_batches_and_says_so() =>
        Expectation.Matches(
            Sample.Grpo(Sample.Large()).Tokens() with
            {
                Prompts = 2,
                ResponsesPerPrompt = 2,
                TokensPerResponse = 5,
            },
            "token-table-cut"
        );

    [Fact]
    public void Learning_curves_of_one_run() => Expectation.Matches(Sample.Run(steps: 12, passes: 2).Curves(), "learning-curves");

    [Fact]
    public void Learning_curves_of_several_seeds_and_algorithms() =>
        Expectation.Matches(
            new[] { Sample.Run(8, 1), Sample.Run(8, 2), Sample.Run(8, 1, "Dr. GRPO", 2) }.Curves() with
            {
                Metrics = ["reward", "kl"],
            },
            "learning-curves-several"
        );

    [Fact]
    public void Card_of_an_objective() => Expectation.Matches(Algorithms.Grpo.Card(), "formula-card");

    [Fact]
    public void Clip_plot_of_a_report() => Expectation.Matches(Sample.Grpo(Sample.Sums()).ClipPlot(), "clip-plot");

    [Fact]
    public void Distributions_of_a_report() => Expectation.Matches(Sample.Grpo(Sample.Sums()).Distributions(), "distributions");

    [Fact]
    public void Explorer_of_a_run() => Expectation.Matches(Sample.RunWithTokens(6).Explore(), "explorer");

    [Fact]
    public void Card_that_explains_a_token() =>
        Expectation.Matches(new TokenCard(Sample.Grpo(Sample.Sums()).Explain(0, 1)), "token-card");

    [Fact]
    public void What_if_of_a_report() => Expectation.Matches(Sample.Grpo(Sample.Sums()).WhatIf(Algorithms.Reinforce), "what-if");

    [Fact]
    public void Curves_of_a_run_that_is_still_going() => Expectation.Matches(new LiveCurves(Sample.Run(6), 24), "live-curves");

    [Fact]
    public void One_group_of_answers_over_a_training() => Expectation.Matches(Sample.Followed().Moment(), "moment");

    [Fact]
    public void Radial_overview_of_a_run() => Expectation.Matches(Sample.Run(12).Radial(), "radial-overview");

    [Fact]
    public void Same_rollouts_under_several_objectives() => Expectation.Matches(Sample.Reports().SideBySide(), "compared-tokens");

    [Fact]
    public void Ranking_of_settings_over_seeds() =>
        Expectation.Matches(Sample.Seeds(6).Ranking() with { Metrics = ["reward"] }, "compared-runs");

    [Fact]
    public void Difference_of_two_objectives() =>
        Expectation.Matches(new DifferenceCard(Algorithms.Grpo.Against(Algorithms.Reinforce)), "difference-card");

    [Fact]
    public void Table_of_one_record() => Expectation.Matches(Sample.Run().Header.Show(), "record");

    [Fact]
    public void Table_of_a_list_of_records() => Expectation.Matches(Sample.Run(3).Steps.Show(), "records");

    [Fact]
    public void Table_of_rows_that_a_cell_computed() =>
        Expectation.Matches(EveryView.Example("table of a cell's own rows"), "own-rows");

    [Fact]
    public void Line_chart_with_a_gap() => Expectation.Matches(EveryView.Example("line chart"), "line-chart");

    [Fact]
    public void A_line_chart_says_what_it_cannot_draw()
    {
        Assert.Contains(
            "at least 2 points",
            Assert.Throws<ArgumentException>(() => LineChart.Of("t", "x", [1], ("a", [1]))).Message
        );
        Assert.Contains(
            "number 1 is 1",
            Assert.Throws<ArgumentException>(() => LineChart.Of("t", "x", [1, 1], ("a", [1, 2]))).Message
        );
        Assert.Contains(
            "'a' has 1 values for 2 points",
            Assert.Throws<ArgumentException>(() => LineChart.Of("t", "x", [1, 2], ("a", [1]))).Message
        );
    }
}
