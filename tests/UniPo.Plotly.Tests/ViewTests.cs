using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.Playwright;
using UniPo.Interactive;

namespace UniPo.Plotly.Tests;

public class ViewTests(PlotlyPage page) : IClassFixture<PlotlyPage>
{
    [Fact]
    public async Task A_saved_page_draws_every_chart_without_a_network()
    {
        var folder = Directory.CreateTempSubdirectory("unipo-plotly-").FullName;
        foreach (var name in Samples.All)
        {
            var path = Path.Combine(folder, "charts", name + ".html");
            Samples.Chart(name).Offline().Save(path);
            await page.Page.GotoAsync("file://" + path);
            await page.Page.WaitForSelectorAsync("[data-plotly] .main-svg");
            Assert.True(await page.Page.Locator("[data-plotly] path").CountAsync() > 3, name);
        }
        Assert.Empty(page.Complaints);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_draws_where_a_module_loader_is_on_the_page()
    {
        var chart = Samples.Lines.ToPlotly().Offline();
        await page.Page.SetContentAsync(
            "<!DOCTYPE html><html><body><script>window.define = function () { window.stolen = true; }; window.define.amd = {};</script>"
                + PlotlyScript.Element
                + WithoutScript(chart)
                + "</body></html>"
        );
        await page.Page.WaitForSelectorAsync("[data-plotly] .main-svg");
        Assert.False(await page.Page.EvaluateAsync<bool>("() => !!window.stolen"));
    }

    [Fact]
    public async Task An_output_whose_script_is_gone_says_what_to_do()
    {
        await page.Page.GotoAsync("about:blank");
        await page.Page.SetContentAsync(
            $"<!DOCTYPE html><html><body>{WithoutScript(Samples.Lines.ToPlotly().Offline())}</body></html>"
        );
        Assert.Contains("first Plotly cell", await page.Page.Locator("[data-plotly]").TextContentAsync());
    }

    [Fact]
    public void The_script_is_sent_once_and_again_when_its_cell_runs_again()
    {
        var script = new PlotlyScript();
        Assert.NotEqual("", script.ForOutput("cell 1"));
        Assert.Equal("", script.ForOutput("cell 2"));
        Assert.NotEqual("", script.ForOutput("cell 1"));
        Assert.Equal("", script.ForOutput(null));
    }

    [Fact]
    public void The_notebook_formatter_gives_both_kinds_of_output()
    {
        var chart = Samples.Chart("seeds").Offline();
        Assert.Contains("data-plotly", chart.ToDisplayString("text/html"));
        var text = chart.ToDisplayString("text/plain");
        Assert.Equal(chart.ToString(), text);
        Assert.Contains("DAPO", text);
        Assert.Contains("points from", text);
    }

    [Fact]
    public void Text_of_a_reader_ends_no_script_and_opens_no_tag()
    {
        var chart = LineChart.Of("</script><img src=x onerror=alert(1)>", "x", [1, 2], ("<b>", [1, 2])).ToPlotly().Offline();
        var html = WithoutScript(chart);
        Assert.DoesNotContain("<img", html);
        Assert.Equal(1, html.Split("</script>").Length - 1);
        Assert.StartsWith("</script><img src=x onerror=alert(1)>", chart.ToString());
    }

    /// <summary>The output as a later cell has it.</summary>
    private static string WithoutScript(PlotlyView view)
    {
        view.ToHtml(); // this one may carry the script
        return view.ToHtml();
    }
}
