using System.Text.Json.Nodes;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using UniPo.Interactive;

namespace UniPo.Plotly.Tests;

public class ChartTests(PlotlyPage page) : IClassFixture<PlotlyPage>
{
    [Theory]
    [MemberData(nameof(Samples.Names), MemberType = typeof(Samples))]
    public async Task The_figure_passes_the_check_of_plotlys_own_schema(string name) =>
        Assert.Empty(await page.Validate(Samples.Chart(name).Offline().ToJson()));

    [Fact]
    public async Task The_check_notices_an_attribute_that_does_not_exist() =>
        Assert.NotEmpty(await page.Validate("""{"data": [{"type": "scatter", "y": [1], "colour": "red"}], "layout": {}}"""));

    [Fact]
    public void Curves_keep_their_numbers_and_their_bands()
    {
        var figure = Figure(Samples.Runs.Curves().ToPlotly());
        var traces = figure["data"]!.AsArray();
        Assert.Equal(2 * Samples.Runs.Curves().ToPlotlyPanels(), traces.Count(t => t!["hoverinfo"] is null));
        Assert.Contains(traces, t => (string?)t!["fill"] == "tonexty");
        var line = traces.First(t => (string?)t!["name"] == "DAPO" && t["hoverinfo"] is null)!;
        var runs = Samples.Runs.Where(r => r.Header.Algorithm == "DAPO").ToArray();
        var first = runs.Average(r => r.Curve("reward")[0]);
        Assert.Equal(first, (double)line["y"]![0]!, 1e-9);
    }

    [Fact]
    public void A_comparison_shows_mean_and_interval_of_each_algorithm()
    {
        var figure = Figure(Samples.Comparison.ToPlotly());
        var trace = figure["data"]![0]!;
        var summaries = Samples.Comparison.Summaries.OrderBy(s => s.After.Estimate.Mean).ToArray();
        Assert.Equal(summaries.Select(s => s.Algorithm), trace["y"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(summaries[0].After.Estimate.Mean, (double)trace["x"]![0]!, 1e-12);
        Assert.Equal(summaries[0].After.Estimate.High, (double)trace["x"]![0]! + (double)trace["error_x"]!["array"]![0]!, 1e-12);
    }

    [Fact]
    public void A_clip_plot_has_its_bounds_and_tells_tokens_without_gradient_apart()
    {
        var figure = Figure(Samples.Report.ClipPlot().ToPlotly());
        var clip = (Clip)((PolicyObjective)Samples.Report.Objective).Clip;
        Assert.Equal(
            [1 - clip.Low, 1 + clip.High, 1 - clip.Low, 1 + clip.High],
            figure["layout"]!["shapes"]!.AsArray().Select(s => (double)s!["x0"]!)
        );
        var marks = figure["data"]!.AsArray().Where(t => (string?)t!["mode"] == "markers").ToArray();
        Assert.Equal(Samples.Report.Advantage!.Values.ToArray().Count(a => a != 0), marks.Sum(t => t!["x"]!.AsArray().Count));
        Assert.Contains(marks, t => (string?)t!["marker"]!["symbol"] == "circle-open");
        Assert.Throws<ArgumentException>(() => new ClipPlot(Algorithms.Sft.Evaluate(Samples.Report.Batch)).ToPlotly());
    }

    [Fact]
    public void Lines_leave_gaps_where_there_is_no_number_and_labels_are_plain_text()
    {
        var figure = Figure(Samples.Lines.ToPlotly());
        Assert.Null(figure["data"]![0]!["y"]![1]);
        Assert.Equal("a &lt; b &amp; c", (string?)figure["layout"]!["title"]!["text"]);
    }

    [Fact]
    public void Plotly_NETs_own_functions_restyle_the_chart()
    {
        var chart = Samples.Lines.ToPlotly();
        var axis = GenericChart.getLayout(chart).TryGetTypedPropertyValue<LinearAxis>("xaxis");
        Assert.NotNull(axis);
        axis.Value.SetProperty("type", "log");
        Assert.Equal("log", (string?)Figure(chart)["layout"]!["xaxis"]!["type"]);
        Assert.Equal("x", (string?)Figure(chart)["layout"]!["xaxis"]!["title"]!["text"]);
        Assert.Equal(2, GenericChart.countTrace(chart));
        Assert.Equal(3, GenericChart.countTrace(GenericChart.combine([chart, Samples.Chart("comparison")])));
    }

    private static JsonObject Figure(GenericChart chart) => JsonNode.Parse(chart.Offline().ToJson())!.AsObject();
}

internal static class PanelCount
{
    /// <summary>Panels of the figure: vertical axes in its layout.</summary>
    public static int ToPlotlyPanels(this LearningCurves curves) =>
        JsonNode.Parse(curves.ToPlotlyJson())!["layout"]!
            .AsObject()
            .Count(p => p.Key.StartsWith("yaxis", StringComparison.Ordinal));
}
