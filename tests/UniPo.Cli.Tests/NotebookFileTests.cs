using System.Text;
using System.Text.Json.Nodes;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Pages;
using UniPo.Cli.Running;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Files of others: damaged, of another kind, linked in circles.</summary>
public sealed class NotebookFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_thousand_damaged_notebooks_are_shown_or_refused_in_a_sentence()
    {
        var random = new Random(12);
        string[] seeds =
        [
            File.ReadAllText(Path.Combine(Repository.Root, "notebooks/template.ipynb")),
            new NotebookBuilder()
                .Prose("# T\n\n![a](attachment:b) [c](d.ipynb)")
                .Code("var a = 1;", ("text/html", "<b>x</b>"))
                .Build()
                .ToJsonString(),
            """{"nbformat":4,"metadata":{"unipo":{"code":"a","platform":"b"}},"cells":[{"cell_type":"code","source":["1"],"metadata":{"tags":["parameters"]},"outputs":[{"output_type":"error","ename":"e","evalue":"v","traceback":["t"]},{"output_type":"stream","name":"stdout","text":["a"]}],"execution_count":1,"id":"x"},{"cell_type":"markdown","source":"y","attachments":{"a":{"image/png":"AA=="}}}]}""",
        ];
        var read = 0;
        for (var i = 0; i < 2000; i++)
        {
            var path = _folder["damaged.ipynb"];
            File.WriteAllBytes(
                path,
                i % 2 == 0 ? Bytes(seeds[i % 3], random) : Encoding.UTF8.GetBytes(Values(seeds[i % 3], random))
            );
            try
            {
                var notebook = Notebook.Read(path);
                read++;
                Assert.Contains("</html>", new NotebookPage(notebook).ToHtml());
                _ = StoredRun.CodeOf(notebook);
                _ = ParameterCell.AllOf(notebook);
                notebook.WriteCopy(_folder["copy.ipynb"]);
                _ = Notebook.Read(_folder["copy.ipynb"]);
            }
            catch (UsageException fault)
            {
                Assert.NotEmpty(fault.Message);
            }
        }

        Assert.InRange(read, 200, 1999);
    }

    private static byte[] Bytes(string json, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(json).ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            if (random.Next(3) == 0)
                bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
            else if (random.Next(2) == 0)
                bytes[at] = (byte)random.Next(256);
            else
                bytes.InsertRange(at, Encoding.UTF8.GetBytes("\\ud800"));
        }

        return [.. bytes];
    }

    // Another kind of value in some place of the tree.
    private static string Values(string json, Random random)
    {
        string[] others =
        [
            "null",
            "[]",
            "{}",
            "-1",
            "1e400",
            "\"\\ud800\"",
            "true",
            "[null]",
            "{\"a\":null}",
            "\"\"",
            "[[[[]]]]",
        ];
        var root = JsonNode.Parse(json)!;
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var node = root;
            while (
                Children(node) is { Count: > 0 } children
                && random.Next(8) > 0
                && children[random.Next(children.Count)] is { } next
            )
                node = next;
            if (node.Parent is not null)
                node.ReplaceWith(JsonValue.Create($"@{random.Next(others.Length)}@"));
        }

        var text = root.ToJsonString();
        for (var i = 0; i < others.Length; i++)
            text = text.Replace($"\"@{i}@\"", others[i], StringComparison.Ordinal);
        return text;
    }

    private static List<JsonNode?> Children(JsonNode node) =>
        node switch
        {
            JsonObject map => [.. map.Select(p => p.Value)],
            JsonArray list => [.. list],
            _ => [],
        };

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1", "a Git LFS pointer")]
    [InlineData("#!csharp\n1", "a .dib notebook")]
    [InlineData("%PDF-1.7", "a PDF")]
    [InlineData("<!DOCTYPE html>", "an HTML page")]
    [InlineData("{\"nbformat\": 4, \"nbformat\": 4, \"cells\": []}", "a name stands twice")]
    public void A_file_of_another_kind_is_named(string content, string kind)
    {
        File.WriteAllText(_folder["a.ipynb"], content);
        Assert.Contains(kind, Assert.Throws<UsageException>(() => Notebook.Read(_folder["a.ipynb"])).Message);
    }

    [Fact]
    public void Ids_that_are_missing_or_doubled_become_unique_and_the_original_stays()
    {
        const string json =
            """{"nbformat":4,"metadata":{},"cells":[{"cell_type":"code","source":"1","id":"a"},{"cell_type":"code","source":"2","id":"a"},{"cell_type":"code","source":"3","id":null},{"cell_type":"code","source":"4","id":"cell-3"}]}""";
        File.WriteAllText(_folder["a.ipynb"], json);
        var ids = Notebook.Read(_folder["a.ipynb"]).Cells.Select(c => c.Id).ToList();
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(["a", "cell-3"], [ids[0], ids[3]]);
        Assert.Equal(json, File.ReadAllText(_folder["a.ipynb"]));
    }

    [Fact]
    public void Links_in_folders_are_followed_once()
    {
        new NotebookBuilder().Code("1").Write(_folder["nb"], "a.ipynb");
        new NotebookBuilder().Code("2").Write(_folder["elsewhere"], "b.ipynb");
        Directory.CreateSymbolicLink(_folder["nb/here"], ".");
        Directory.CreateSymbolicLink(_folder["nb/up"], "..");
        Directory.CreateSymbolicLink(_folder["nb/linked"], _folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["nb/c.ipynb"], "a.ipynb");
        var files = NotebookSet.Find(_folder["nb"], _folder["out"]);
        Assert.Equal(["a.ipynb", Path.Combine("linked", "b.ipynb")], files.Select(f => f.RelativePath));
    }

    [Fact]
    public async Task A_dib_notebook_runs_and_its_copy_is_an_ipynb_file()
    {
        File.WriteAllText(
            _folder["a.dib"],
            "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!markdown\n\n# A title\n\n#!csharp\n\nvar a = 20;\n\n#!csharp\n\na + 1\n"
        );
        var call = await Call.Unipo("run", _folder["a.dib"], "--output", _folder["out"]);
        Assert.Equal(0, call.ExitCode);
        var copy = new ExecutedNotebook(_folder["out/a.ipynb"]);
        Assert.Equal(["execute_result: 21"], copy.Story(3));
        Assert.Equal("# A title", copy.Source(1));

        File.WriteAllText(_folder["f.dib"], "#!fsharp\nlet x = 1\n");
        Assert.Contains("cell 1 is in fsharp", (await Call.Unipo("run", _folder["f.dib"], "--output", _folder["out"])).Error);
    }

    [Fact]
    public async Task The_last_declaration_of_a_parameter_is_the_one_that_is_set()
    {
        var path = new NotebookBuilder()
            .Code("var epsilon = 0.2;\nvar seed = 1;", "parameters")
            .Code("epsilon = 9;\nvar epsilon = 0.3;", "injected-parameters")
            .Write(_folder.Path, "a.ipynb");
        var call = await Call.Unipo(
            "run",
            path,
            "--output",
            _folder["out"],
            "--prepare",
            "--param",
            "epsilon=0.5",
            "--param",
            "seed=4"
        );
        Assert.Equal(0, call.ExitCode);
        var copy = new ExecutedNotebook(_folder["out/a.ipynb"]);
        Assert.Contains("var epsilon = 0.5;", copy.Source(2));
        Assert.Contains("var seed = 4;", copy.Source(1));
        Assert.Contains("var epsilon = 0.2;", copy.Source(1));
    }

    [Fact]
    public async Task Two_files_with_one_copy_are_refused()
    {
        new NotebookBuilder().Code("1").Write(_folder.Path, "a.ipynb");
        File.WriteAllText(_folder["a.dib"], "#!csharp\n1\n");
        Assert.Contains(
            "both would be written as a.ipynb",
            (await Call.Unipo("run", _folder.Path, "--output", _folder["out"])).Error
        );
    }
}
