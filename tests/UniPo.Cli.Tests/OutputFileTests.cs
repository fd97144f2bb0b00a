using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>No command replaces what it did not make.</summary>
public sealed class OutputFileTests : IDisposable
{
    private static readonly string _model = Path.Combine(Repository.Root, "data/checkpoints/addition.safetensors");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<Call> Train(params string[] words) =>
        Call.Unipo([
            "train",
            "--steps",
            "1",
            "--prompts",
            "2",
            "--group",
            "4",
            "--model",
            _model,
            "--output",
            _folder["run.jsonl"],
            .. words,
        ]);

    [Fact]
    public async Task A_page_is_renewed_as_long_as_nobody_has_changed_it()
    {
        var notebook = new NotebookBuilder().Prose("# T").Write(_folder.Path, "a.ipynb");
        Task<Call> Export(params string[] more) =>
            Call.Unipo(["export", notebook, "--to", "html", "--output", _folder["a.html"], .. more]);
        Assert.Equal(0, (await Export()).ExitCode);
        Assert.Equal(0, (await Export()).ExitCode);

        File.AppendAllText(_folder["a.html"], "my remark");
        var call = await Export();
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("say --overwrite", call.Error);
        Assert.EndsWith("my remark", File.ReadAllText(_folder["a.html"]));
        Assert.Equal(0, (await Export("--overwrite")).ExitCode);
    }

    [Theory]
    [InlineData("a.ipynb")]
    [InlineData("a.html")]
    [InlineData("index.html")]
    [InlineData("report.json")]
    public async Task A_run_starts_only_when_every_file_can_be_written(string name)
    {
        var notebook = new NotebookBuilder().Code("System.IO.File.WriteAllText(\"ran\", \"\");").Write(_folder.Path, "a.ipynb");
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/" + name], "precious");
        var call = await Call.Unipo("run", notebook, "--output", _folder["out"], "--html", "--report", "json");
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(name, call.Error);
        Assert.Equal("precious", File.ReadAllText(_folder["out/" + name]));
        Assert.False(File.Exists(_folder["ran"]));
    }

    [Fact]
    public async Task An_output_folder_that_leads_to_the_notebooks_changes_none_of_them()
    {
        var notebook = new NotebookBuilder().Code("1").Write(_folder["nb"], "a.ipynb");
        var before = File.ReadAllText(notebook);
        Directory.CreateSymbolicLink(_folder["out"], _folder["nb"]);
        var call = await Call.Unipo("run", notebook, "--output", _folder["out"], "--overwrite");
        Assert.Equal(2, call.ExitCode);
        Assert.Equal(before, File.ReadAllText(notebook));
    }

    [Fact]
    public async Task A_model_is_not_replaced_without_a_word_and_its_path_is_checked_before_training()
    {
        File.WriteAllText(_folder["good.safetensors"], "good");
        var call = await Train("--save", _folder["good.safetensors"]);
        Assert.Equal(2, call.ExitCode);
        Assert.Equal("good", File.ReadAllText(_folder["good.safetensors"]));
        Assert.False(File.Exists(_folder["run.jsonl"]));
        Assert.Equal(0, (await Train("--save", _folder["good.safetensors"], "--overwrite")).ExitCode);
        Assert.NotEqual("good", File.ReadAllText(_folder["good.safetensors"]));
    }

    [Fact]
    public async Task Training_that_cannot_go_on_leaves_the_good_model()
    {
        File.WriteAllText(_folder["good.safetensors"], "good");
        File.WriteAllText(_folder["run.jsonl"], "no log\n");
        var call = await Train("--resume", "--save", _folder["good.safetensors"], "--overwrite");
        Assert.NotEqual(0, call.ExitCode);
        Assert.Equal("good", File.ReadAllText(_folder["good.safetensors"]));
    }

    [Theory]
    [InlineData("--save", "run.jsonl")]
    [InlineData("--save", "folder")]
    [InlineData("--output", "folder")]
    [InlineData("--output", "file.txt/run.jsonl")]
    public async Task A_path_that_cannot_be_is_refused_before_training(string option, string name)
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["file.txt"], "");
        string[] output = option == "--output" ? [] : ["--output", _folder["run.jsonl"]];
        var call = await Call.Unipo(["train", "--steps", "1", "--model", _model, .. output, option, _folder[name]]);
        Assert.Equal(2, call.ExitCode);
        Assert.StartsWith(option, call.Error);
        Assert.DoesNotContain("steps in", call.Output);
    }

    [Fact]
    public async Task The_base_model_is_never_the_output()
    {
        File.Copy(_model, _folder["base.safetensors"]);
        var before = File.ReadAllBytes(_folder["base.safetensors"]);
        var call = await Train("--model", _folder["base.safetensors"], "--save", _folder["base.safetensors"], "--overwrite");
        Assert.Equal(2, call.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(_folder["base.safetensors"]));
    }
}
