using System.Text.RegularExpressions;
using UniPo.Cli.Pages;
using UniPo.Cli.Tests.Support;
using UniPo.Interactive;
using UniPo.Interactive.Pages;
using Notebook = UniPo.Cli.Notebooks.Notebook;

namespace UniPo.Cli.Tests;

/// <summary>The script of the views: once on every page that shows one, on no other.</summary>
public sealed class PageScriptTests : IDisposable
{
    private const string Bundle = "<script data-unipo-bundle=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingRun Run =>
        new()
        {
            Header = new RunHeader
            {
                Algorithm = "GRPO",
                Task = "addition",
                Model = "m",
            },
            Steps =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(s => new TrainingStep
                    {
                        Step = s,
                        Rollout = s,
                        FirstAfterRollout = true,
                        Metrics = new Dictionary<string, double> { ["reward"] = 0.1 * s },
                    }),
            ],
        };

    [Fact]
    public void A_page_with_views_has_it_once_at_its_end()
    {
        var page = ViewPage.Write("runs", [Run.Curves(), Run.Explore(), Run.Curves()]);
        Assert.Single(Regex.Matches(page, Bundle));
        Assert.True(page.IndexOf(Bundle, StringComparison.Ordinal) > page.LastIndexOf("<unipo-", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_without_interactive_views_has_none() =>
        Assert.DoesNotContain(Bundle, ViewPage.Write("card", [Algorithms.Grpo.Card()]));

    [Fact]
    public void A_notebook_whose_cells_brought_it_several_times_has_it_once()
    {
        var output = Bundle + "\"0.1.0\">void 0;</script>" + Run.Curves().ToHtml();
        var path = Path.Combine(_folder.Path, "a.ipynb");
        File.WriteAllText(path, Stored(output, output, Run.Curves().ToHtml()));
        var page = new NotebookPage(Notebook.Read(path)).ToHtml();
        Assert.Single(Regex.Matches(page, Bundle));
        Assert.Equal(3, Regex.Count(page, "<unipo-learning-curves"));
    }

    [Fact]
    public void A_notebook_whose_outputs_lost_it_gets_it_back()
    {
        var path = Path.Combine(_folder.Path, "a.ipynb");
        File.WriteAllText(path, Stored(Run.Curves().ToHtml()));
        Assert.Single(Regex.Matches(new NotebookPage(Notebook.Read(path)).ToHtml(), Bundle));
    }

    [Fact]
    public void Text_that_looks_like_a_view_gets_nothing()
    {
        var path = Path.Combine(_folder.Path, "a.ipynb");
        File.WriteAllText(
            path,
            new System.Text.Json.Nodes.JsonObject
            {
                ["nbformat"] = 4,
                ["nbformat_minor"] = 5,
                ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
                ["cells"] = new System.Text.Json.Nodes.JsonArray(
                    new System.Text.Json.Nodes.JsonObject
                    {
                        ["cell_type"] = "code",
                        ["source"] = "var html = \"<script class=\\\"unipo-payload\\\">\";",
                        ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
                        ["outputs"] = new System.Text.Json.Nodes.JsonArray(),
                    }
                ),
            }.ToJsonString()
        );
        Assert.DoesNotContain(Bundle, new NotebookPage(Notebook.Read(path)).ToHtml());
    }

    private static string Stored(params string[] outputs) =>
        new System.Text.Json.Nodes.JsonObject
        {
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
            ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
            ["cells"] = new System.Text.Json.Nodes.JsonArray([
                .. outputs.Select(o => new System.Text.Json.Nodes.JsonObject
                {
                    ["cell_type"] = "code",
                    ["source"] = "run.Curves()",
                    ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
                    ["outputs"] = new System.Text.Json.Nodes.JsonArray(
                        new System.Text.Json.Nodes.JsonObject
                        {
                            ["output_type"] = "display_data",
                            ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
                            ["data"] = new System.Text.Json.Nodes.JsonObject { ["text/html"] = o },
                        }
                    ),
                }),
            ]),
        }.ToJsonString();
}
