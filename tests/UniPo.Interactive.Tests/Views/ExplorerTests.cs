using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UniPo.Interactive.Tests.Views;

/// <summary>Which steps an explorer keeps, and what it says where there is nothing to keep.</summary>
public sealed class ExplorerTests
{
    [Fact]
    public void Warning_of_a_step_is_marked_at_its_step_and_told_in_both_twins()
    {
        var run = Sample.Run(6);
        run = run with { Steps = [.. run.Steps.Select(s => s.Step == 3 ? s with { Warning = "No group had a signal." } : s)] };
        Assert.Contains("⚠ Step 3: No group had a signal.", run.Curves().ToString(), StringComparison.Ordinal);
        Assert.Contains("data-warnings=\"3\"", run.Curves().Markup(), StringComparison.Ordinal);
        Assert.Contains("class=\"warn\"", run.Curves().Markup(), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_run_keeps_tokens_of_forty_steps_with_the_ends_and_the_extremes()
    {
        var run = Sample.RunWithTokens(200);
        var spike = run.Steps[77];
        run = run with
        {
            Steps =
            [
                .. run.Steps.Select(s =>
                    s.Step == 77 ? spike with { Metrics = new Dictionary<string, double>(spike.Metrics) { ["kl"] = 9 } } : s
                ),
            ],
        };
        var kept = ExplorerSteps.Choose(run, 40);
        Assert.Equal(40, kept.Count);
        Assert.Equal(kept.Distinct().Order(), kept);
        Assert.Equal((0, 199), (kept[0], kept[^1]));
        Assert.Contains(77, kept);
        Assert.True(kept.Zip(kept.Skip(1)).Max(p => p.Second - p.First) <= 20, "The kept steps leave a wide gap.");
    }

    [Fact]
    public void Metrics_of_every_step_reach_the_script()
    {
        var payload = Payload(Sample.RunWithTokens(60).Explore() with { TokenSteps = 5 });
        Assert.Equal(60, payload["numbers"]!.AsArray().Count);
        Assert.Equal(60, (int)payload["curves"]!["tokens"]!);
        Assert.Equal(payload["metrics"]!.AsArray().Count, payload["curves"]!["columns"]!.AsArray().Count);
        Assert.Equal(5, payload["tokens"]!.AsObject().Count);
    }

    [Fact]
    public void Run_without_tokens_says_how_to_keep_them() =>
        Assert.Contains("TokensEvery = 1", Sample.Run().Explore().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Step_without_tokens_names_the_nearest_that_has_them()
    {
        var run = Sample.RunWithTokens(20);
        run = run with { Steps = [.. run.Steps.Select(s => s.Step is 4 or 15 ? s : s with { Report = null })] };
        Assert.Contains(
            "nearest step that has them is 4",
            (run.Explore() with { Step = 6 }).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void First_pass_says_that_nothing_can_be_clipped() =>
        Assert.Contains(
            "every ratio is 1 and nothing is clipped",
            (Sample.RunWithTokens(4).Explore() with { Step = 0 }).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void Empty_run_is_a_sentence() =>
        Assert.Equal("This run took no steps, so there is nothing to explore.", Sample.Run(0).Explore().ToString());

    [Fact]
    public void Explorer_of_500_steps_is_smaller_than_2_and_a_half_megabytes()
    {
        var report = Sample.Grpo(Sample.Large(2, 16, 24));
        var run = Sample.Run(500);
        run = run with { Steps = [.. run.Steps.Select(s => s with { Report = report })] };
        Assert.InRange(run.Explore().ToHtml().Length, 100_000, 2_500_000);
    }

    private static JsonObject Payload(View view) =>
        JsonNode.Parse(Regex.Match(view.ToHtml(), "class=\"unipo-payload\">(.*?)</script>").Groups[1].Value)!.AsObject();
}
