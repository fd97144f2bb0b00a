using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace UniPo.Interactive.Tests.Views;

/// <summary>The plotly figure, judged by plotly.js itself.</summary>
[Collection(BrowserTests.Name)]
public sealed class PlotlyTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Plotly_accepts_the_figure_of_one_run_of_several_and_of_gaps()
    {
        var file = Repository.Path(
            "tests",
            "UniPo.Interactive.Tests",
            "node_modules",
            "plotly.js-basic-dist-min",
            "plotly-basic.min.js"
        );
        Assert.True(
            File.Exists(file),
            "plotly.js is not installed. Run 'npm ci' in tests/UniPo.Interactive.Tests (./test.sh does it)."
        );
        await using var page = await ViewPage.OpenAsync(fixture, HostTheme.Light, 1000, scripts: true, "<div></div>");
        await page.Page.AddScriptTagAsync(new PageAddScriptTagOptions { Content = await File.ReadAllTextAsync(file) });
        var seeds = new[] { Sample.Run(seed: 1), Sample.Run(seed: 2), Sample.Run(seed: 1, algorithm: "<b>Dr. GRPO</b>") };
        var gaps = Sample.Run(5) with
        {
            Steps =
            [
                .. Sample
                    .Run(5)
                    .Steps.Select(s =>
                        s with
                        {
                            Metrics = new Dictionary<string, double> { ["reward"] = s.Step == 2 ? double.NaN : 1 },
                        }
                    ),
            ],
        };
        foreach (var curves in new[] { Sample.Run().Curves(), seeds.Curves(), gaps.Curves() })
        {
            var faults = await page.Page.EvaluateAsync<string[]>(
                "text => { const f = JSON.parse(text); return (Plotly.validate(f.data, f.layout) ?? []).map(e => e.msg); }",
                curves.ToPlotlyJson()
            );
            Assert.Empty(faults);
        }
    }

    [Fact]
    public void Figure_holds_every_number_of_the_run()
    {
        var figure = JsonNode.Parse((Sample.Run(9).Curves() with { Metrics = ["reward"] }).ToPlotlyJson())!;
        Assert.Equal(Sample.Run(9).Curve("reward"), figure["data"]![0]!["y"]!.AsArray().Select(v => (double)v!));
        Assert.Equal(Enumerable.Range(0, 9), figure["data"]![0]!["x"]!.AsArray().Select(v => (int)v!));
    }

    [Fact]
    public void Names_are_text_in_the_figure() =>
        Assert.DoesNotContain("<b>", Sample.Run(algorithm: "<b>x</b>").Curves().ToPlotlyJson(), StringComparison.Ordinal);
}
