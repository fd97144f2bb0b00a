using System.Text.Json.Nodes;
using UniPo.Cli.Notebooks;
using UniPo.Cli.Running;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Outputs that notebooks carry: how they get there, and how a stale one is noticed.</summary>
public sealed class StoredOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Outputs_are_stored_on_request_and_a_changed_one_is_named()
    {
        var path = new NotebookBuilder()
            .Prose("# T")
            .Code("var x = 2;\nConsole.WriteLine($\"x is {x / 3.0:0.0000}\");\nx")
            .Write(_folder.Path, "a.ipynb");

        var stored = await Run("--store");
        Assert.Equal(0, stored.ExitCode);
        Assert.Equal(["stdout: x is 0.6667\n", "execute_result: 2"], new ExecutedNotebook(path).Story(2));
        Assert.Equal(0, (await Run("--compare")).ExitCode);

        File.WriteAllText(path, File.ReadAllText(path).Replace("0.6667", "0.6669", StringComparison.Ordinal));
        var compared = await Run("--compare");
        Assert.Equal(1, compared.ExitCode);
        Assert.Contains("a.ipynb, cell 2: \"x is 0.6669\" is stored, but it says \"x is 0.6667\".", compared.Output);
    }

    [Fact]
    public async Task Code_that_was_changed_after_its_outputs_were_stored_is_named()
    {
        var path = new NotebookBuilder().Prose("# T").Code("1 + 1").Write(_folder.Path, "a.ipynb");
        Assert.Equal(0, (await Run("--store")).ExitCode);

        File.WriteAllText(path, File.ReadAllText(path).Replace("# T", "# Another title", StringComparison.Ordinal));
        Assert.Equal(0, (await Run("--compare")).ExitCode); // prose may be mended

        File.WriteAllText(path, File.ReadAllText(path).Replace("1 + 1", "2 + 0", StringComparison.Ordinal));
        var compared = await Run("--compare");
        Assert.Equal(1, compared.ExitCode);
        Assert.Contains("a.ipynb: the code was changed after its outputs were stored.", compared.Output);
    }

    [Fact]
    public async Task Numbers_after_training_may_differ_only_on_another_platform()
    {
        // What counts as training is told from the code.
        var path = new NotebookBuilder()
            .Code("class Machine { public double Train(int steps) => 0.5 + steps / 100.0; }\nnew Machine().Train(30)")
            .Write(_folder.Path, "a.ipynb");
        Assert.Equal(0, (await Run("--store")).ExitCode);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"0.8\"", "\"0.85\"", StringComparison.Ordinal));
        Assert.Contains("\"0.85\" is stored, but it says \"0.8\".", (await Run("--compare")).Output);

        var text = File.ReadAllText(path);
        Assert.Contains(StoredRun.ThisPlatform, text);
        File.WriteAllText(path, text.Replace(StoredRun.ThisPlatform, "other-machine", StringComparison.Ordinal));
        Assert.Equal(0, (await Run("--compare")).ExitCode);
    }

    [Fact]
    public async Task Nothing_is_stored_of_a_notebook_that_fails()
    {
        var path = new NotebookBuilder().Code("1").Code("throw new InvalidOperationException();").Write(_folder.Path, "a.ipynb");
        var before = File.ReadAllText(path);
        var call = await Run("--store");
        Assert.NotEqual(0, call.ExitCode);
        Assert.Contains("a.ipynb failed, so nothing was stored", call.Error);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task Shortened_runs_are_neither_stored_nor_compared()
    {
        new NotebookBuilder().Code("var quick = false;", "parameters").Write(_folder.Path, "a.ipynb");
        foreach (var option in new[] { "--store", "--compare" })
        {
            var call = await Run(option, "--quick");
            Assert.Equal(2, call.ExitCode);
            Assert.Contains("without --quick", call.Error);
        }
    }

    [Fact]
    public async Task An_output_that_is_missing_is_named()
    {
        var path = new NotebookBuilder().Code("1").Write(_folder.Path, "a.ipynb");
        Assert.Empty(JsonNode.Parse(File.ReadAllText(path))!["cells"]![0]!["outputs"]!.AsArray());
        Assert.Contains("cell 1: 0 outputs are stored, but it shows 1.", (await Run("--compare")).Output);
    }

    [Theory]
    [InlineData("reward 0.81 after 100 steps", "reward 0.84 after 100 steps", true)]
    [InlineData("norm 1.2", "norm 1.9", true)]
    [InlineData("norm 1.2", "norm 9", false)]
    [InlineData("reward ▁▂▃ 0.81", "reward ▁▃▃ 0.79", true)]
    [InlineData("reward 0.81", "length 0.81", false)]
    [InlineData("a 1\nb 2\nc 3\nd 4\ne 5", "a 1\nb 2\nc 3\nd 4\nother 5", true)]
    [InlineData("loss 3.1×10⁻¹⁷", "loss −2.4×10⁻¹⁸", true)]
    [InlineData("tokens 4e5", "tokens 4.1e5", true)]
    public void What_depends_on_training_may_differ_a_little(string stored, string fresh, bool alike) =>
        Assert.Equal(alike, TextComparison.Loose.Fault(stored, fresh) is null);

    [Theory]
    [InlineData("w = −0.25", "w = −0.25", true)]
    [InlineData("w = −0.25", "w = +0.25", false)]
    [InlineData("w = 0.2500001", "w = 0.25", true)]
    [InlineData("w = 0.25", "w = 0.2501", false)]
    [InlineData("sum 2.776×10⁻¹⁷", "sum 0", true)]
    [InlineData("a 1\nb 2", "a 1", false)]
    public void What_does_not_train_must_say_the_same(string stored, string fresh, bool alike) =>
        Assert.Equal(alike, TextComparison.Exact.Fault(stored, fresh) is null);

    private Task<Call> Run(params string[] words) => Call.Unipo(["run", _folder.Path, "--output", _folder["done"], .. words]);
}
