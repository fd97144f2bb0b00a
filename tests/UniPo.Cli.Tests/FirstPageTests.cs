using UniPo.Cli.Notebooks;
using UniPo.Cli.Pages;
using UniPo.Cli.Running;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Pages are there before anything has run, and change one by one.</summary>
public sealed class FirstPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pages_of_stored_outputs_say_what_they_are_until_their_notebook_has_run()
    {
        new NotebookBuilder().Prose("# One").Code("1", ("text/plain", "first")).Write(_folder["nb"], "a.ipynb");
        new NotebookBuilder().Prose("# Two").Code("2", ("text/plain", "second")).Write(_folder["nb"], "b.ipynb");
        var files = NotebookSet.Find(_folder["nb"], _folder["out"]);
        var pages = new PageSet(files, _folder["out"]);

        pages.WriteStored();
        Assert.Contains("2 show stored outputs so far", File.ReadAllText(pages.Index));
        Assert.Contains("from an earlier run; nothing has been executed here", File.ReadAllText(_folder["out/a.html"]));

        var cell = files[0].Notebook.Cells[1];
        pages.Replace(
            new NotebookResult(
                files[0].Notebook,
                files[0].RelativePath,
                [new CellResult(cell, CellOutcome.Passed, TimeSpan.Zero)],
                TimeSpan.Zero
            )
        );
        Assert.Contains("1 shows stored outputs so far", File.ReadAllText(pages.Index));
        Assert.DoesNotContain("earlier run", File.ReadAllText(_folder["out/a.html"]));
        Assert.Contains("earlier run", File.ReadAllText(_folder["out/b.html"]));
    }

    [Fact]
    public async Task A_run_says_at_once_what_it_does_and_what_to_open()
    {
        new NotebookBuilder().Code("throw new Exception(\"no\");").Write(_folder["nb"], "a.ipynb");
        new NotebookBuilder().Code("1").Write(_folder["nb"], "b.ipynb");
        var call = await Call.Unipo("run", _folder["nb"], "--html", "--output", _folder["out"], "--jobs", "2");
        var lines = call.Output.Split('\n');
        Assert.StartsWith("Running 2 notebooks, 2 at a time, with your rights", lines[0]);
        Assert.StartsWith($"Open {Path.Combine(_folder["out"], "index.html")} now", lines[1]);
        Assert.Contains("1 of 2 passed", File.ReadAllText(_folder["out/index.html"]));
        Assert.Equal(1, call.ExitCode);
    }

    [Theory]
    [InlineData("01 C# intro.ipynb", "01%20C%23%20intro.html")]
    [InlineData("a?b %41.ipynb", "a%3Fb%20%2541.html")]
    [InlineData("javascript:alert(1);a.ipynb", "javascript%3Aalert%281%29%3Ba.html")]
    public void Names_of_files_are_escaped_in_links(string name, string address)
    {
        var path = new NotebookBuilder().Prose("# T").Write(_folder.Path, name);
        Assert.Equal(
            address,
            IndexPage.AddressOf(new NotebookResult(Notebook.Read(path), name, [], TimeSpan.Zero)),
            ignoreCase: true
        );
    }

    [Fact]
    public async Task A_page_without_outputs_is_announced_as_such()
    {
        var path = new NotebookBuilder().Code("1").Write(_folder.Path, "a.ipynb");
        var call = await Call.Unipo("export", path, "--to", "html", "--output", _folder["a.html"]);
        Assert.Equal(0, call.ExitCode);
        Assert.Contains("a.ipynb carries no outputs", call.Error);
    }
}
