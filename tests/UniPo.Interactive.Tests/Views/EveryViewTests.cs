using System.Text.RegularExpressions;

namespace UniPo.Interactive.Tests.Views;

/// <summary>What holds for every view without exception.</summary>
public sealed partial class EveryViewTests
{
    [Fact]
    public void Every_public_view_has_an_example()
    {
        var views = typeof(View).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(View)) && !t.IsAbstract);
        Assert.Empty(views.Except(EveryView.All.Select(v => v.GetType())));
    }

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Text_fits_100_columns(string name)
    {
        var text = EveryView.Example(name).ToString();
        Assert.All(
            text.Split('\n'),
            line => Assert.True(VisibleText.Width(line) <= 100, $"{VisibleText.Width(line)} columns: {line}")
        );
        Assert.DoesNotContain(text.Split('\n'), line => line != line.TrimEnd());
    }

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Html_loads_nothing(string name) =>
        Assert.DoesNotMatch(
            new Regex(@"https?:|\bsrc=|\bhref=|url\(|@import|import\(|require\(", RegexOptions.IgnoreCase),
            EveryView.Example(name).ToHtml()
        );

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Html_of_default_settings_is_smaller_than_64_KB(string name) =>
        Assert.InRange(
            System.Text.Encoding.UTF8.GetByteCount(EveryView.Example(name).ToHtml()),
            500,
            (name == "explorer" ? 2500 : 64) * 1024 // an explorer holds the tokens of many steps and has a budget of its own
        );

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Html_has_no_ids_so_that_it_may_be_shown_twice(string name) =>
        Assert.DoesNotContain(" id=\"", EveryView.Example(name).ToHtml());

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Same_view_gives_the_same_html(string name) =>
        Assert.Equal(EveryView.Example(name).ToHtml(), EveryView.Example(name).ToHtml());

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Numbers_of_the_text_twin_stand_in_the_html(string name)
    {
        var html = System.Net.WebUtility.HtmlDecode(Tags().Replace(EveryView.Example(name).ToHtml(), " "));
        var numbers = Number().Matches(EveryView.Example(name).ToString()).Select(m => m.Value).Distinct().ToArray();
        Assert.NotEmpty(numbers);
        Assert.All(numbers, n => Assert.Contains(n, html, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(EveryView.Names), MemberType = typeof(EveryView))]
    public void Words_at_the_end_of_a_view_and_its_tooltips_are_the_texts_of_the_glossary(string name)
    {
        var html = EveryView.Example(name).Markup();
        var known = Glossary
            .All.Select(t => t.Meaning)
            .Concat(MetricGlossary.All.Select(m => m.Meaning))
            .ToHashSet(StringComparer.Ordinal);
        var said = Meaning().Matches(html).Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value)).ToArray();
        var tips = Tip().Matches(html).Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value)).ToArray();
        Assert.All(said.Concat(tips), text => Assert.Contains(text, known));
        Assert.Equal(said.Distinct(), said);
        Assert.Empty(tips.Except(said)); // what only a mouse could read would be lost to the others
        if (
            name.Contains("token", StringComparison.Ordinal)
            || name.Contains("card", StringComparison.Ordinal)
            || name.Contains("curves", StringComparison.Ordinal)
        )
            Assert.NotEmpty(said);
    }

    [GeneratedRegex("<dd>([^<]*)</dd></div>\n(?=<div><dt>|</dl></details>)")]
    private static partial Regex Meaning();

    [GeneratedRegex(" title=\"([^\"]*)\"")]
    private static partial Regex Tip();

    [GeneratedRegex("<style>.*?</style>|<script.*?</script>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [Fact]
    public void Lines_of_one_algorithm_are_told_apart_by_what_they_do_not_share()
    {
        TrainingRun[] runs =
        [
            Named("addition", "base", 0.2),
            Named("rubric", "base", 0.2),
            Named("rubric", "base", 0.3),
            Named("rubric", "small", 0.2),
            Sample.Run(5, 1, "PPO"),
        ];
        var text = runs.Curves().ToString();
        Assert.Contains("(2 tasks, 2 models, seed 1, 5 steps)", text, StringComparison.Ordinal);
        foreach (
            var label in new[]
            {
                "GRPO · addition",
                "GRPO · rubric, base, clip_high 0.2",
                "GRPO · rubric, base, clip_high 0.3",
                "GRPO · rubric, small",
                "PPO",
            }
        )
            Assert.Contains(label, new LearningCurvesContent(runs.Curves()).Series.Select(s => s.Label));

        static TrainingRun Named(string task, string model, double high)
        {
            var run = Sample.Run(5, 1);
            return run with
            {
                Header = run.Header with
                {
                    Task = task,
                    Model = model,
                    Hyperparameters = new Dictionary<string, object> { ["clip_high"] = high },
                },
            };
        }
    }
}
