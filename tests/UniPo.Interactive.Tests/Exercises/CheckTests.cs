namespace UniPo.Interactive.Tests.Exercises;

public sealed class CheckTests
{
    private static readonly string[] _hints = ["Think of the mean.", "Subtract it.", "The answer is 0.5."];

    [Fact]
    public void A_blank_exercise_neither_passes_nor_reveals_the_answer()
    {
        var result = Check.That("Advantage of the winner", null, 0.5, "Think of the mean.");
        Assert.True(result.IsBlank);
        Assert.False(result.Passed);
        Assert.DoesNotContain("0.5", result.ToHtml() + result);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.501)]
    [InlineData(0.4985)]
    public void A_right_number_passes_even_when_it_was_rounded(double answer) =>
        Assert.True(Check.That("Advantage of the winner", answer, 0.5, _hints).Passed);

    [Fact]
    public void A_sum_that_is_zero_but_for_rounding_is_answered_by_zero() =>
        Assert.True(Check.That("Sum of all pushes", 0, 0.1 + 0.2 - 0.3, _hints).Passed);

    [Fact]
    public void A_number_with_the_wrong_sign_is_told_so() =>
        Assert.Contains("wrong sign", Check.That("Advantage of the winner", -0.5, 0.5, _hints).Says);

    [Theory]
    [InlineData(0.4, "too low")]
    [InlineData(0.6, "too high")]
    [InlineData(double.NaN, "not a finite number")]
    public void A_wrong_number_is_told_which_way_it_is_off(double answer, string says)
    {
        var result = Check.That("Advantage of the winner", answer, 0.5, _hints);
        Assert.False(result.Passed);
        Assert.Contains(says, result.Says);
    }

    [Fact]
    public void Hints_are_folded_into_each_other_so_that_they_come_one_by_one()
    {
        var html = Check.That("Advantage of the winner", 0.4, 0.5, _hints).ToHtml();
        Assert.Equal(3, html.Split("<details>").Length - 1);
        Assert.Contains("</p><details><summary>Hint 2 of 3", html.Replace("\n", ""));
        Assert.DoesNotContain("<details open", html);
    }

    [Fact]
    public void The_text_twin_gives_the_first_hint_only()
    {
        var text = Check.That("Advantage of the winner", 0.4, 0.5, _hints).ToString();
        Assert.Contains("Hint 1 of 3: Think of the mean.", text);
        Assert.DoesNotContain("The answer is", text);
    }

    [Fact]
    public void An_exception_in_the_readers_answer_is_told_and_not_thrown()
    {
        var result = Check.That<Func<double, double>>(
            "A function",
            _ => throw new InvalidOperationException("oops"),
            f => f(1) == 1,
            _hints
        );
        Assert.False(result.Passed);
        Assert.Contains("oops", result.Says);
    }

    [Fact]
    public void Any_other_answer_passes_by_its_rule_and_is_blank_when_null()
    {
        Assert.True(Check.That("Two numbers", new double[] { 1, 2 }, a => a.Sum() == 3).Passed);
        Assert.False(Check.That("Two numbers", new double[] { 1, 1 }, a => a.Sum() == 3).Passed);
        Assert.True(Check.That<double[]>("Two numbers", null, a => a.Sum() == 3).IsBlank);
    }

    [Fact]
    public void A_prediction_hides_the_truth_until_a_guess_is_given()
    {
        Assert.DoesNotContain("0.25", Check.Prediction("The loss at first", null, 0.25, "Because.").ToHtml());
        var told = Check.Prediction("The loss at first", 0, 0.25, "Because.");
        Assert.Contains("it is 0.25", told.Says);
        Assert.False(told.IsBlank);
    }

    [Fact]
    public void A_fourth_hint_is_an_error_of_the_author() =>
        Assert.Throws<ArgumentException>(() => Check.That("Too helpful", 1, 2, "a", "b", "c", "d"));

    [Fact]
    public void What_the_reader_typed_cannot_become_markup() =>
        Assert.DoesNotContain("<script>", Check.That("<script>alert(1)</script>", 1, 2, "<script>").ToHtml());
}
