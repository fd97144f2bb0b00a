using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Missing and malformed files, wrong words: one sentence, exit code 2, nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "line 1 is no valid JSON.")]
    [InlineData("{\n\"cells\": [\n", "line 3 is no valid JSON.")]
    [InlineData("[]", "the file must hold one JSON object.")]
    [InlineData("{}", "it has no number \"nbformat\".")]
    [InlineData("""{"nbformat": 3, "cells": []}""", "it is in notebook format 3; format 4 is needed")]
    [InlineData("""{"nbformat": 4, "cells": {}}""", "it has no list \"cells\".")]
    [InlineData("""{"nbformat": 4, "cells": [1]}""", "cell 1 is no JSON object.")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code"}]}""", "cell 1 has no \"source\".")]
    [InlineData(
        """{"nbformat": 4, "cells": [{"cell_type": "picture", "source": ""}]}""",
        "cell 1 has no \"cell_type\" code, markdown or raw."
    )]
    [InlineData("""{"nbformat": 4, "cells": [], "metadata": "x"}""", "its \"metadata\" is no JSON object.")]
    [InlineData(
        """{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "python"}}}""",
        "its language is python, and only C# notebooks are run."
    )]
    [InlineData(
        """{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": {"polyglot_notebook": {"kernelName": "fsharp"}}}]}""",
        "cell 1 is in fsharp, and only C# cells are run."
    )]
    public async Task A_malformed_notebook_is_named_with_its_fault(string content, string fault)
    {
        var path = _folder["bad.ipynb"];
        File.WriteAllText(path, content);

        var call = await Call.Unipo("run", path, "--output", _folder["out"]);

        Assert.StartsWith(path, call.Error);
        Assert.Contains(fault, call.Error);
        Assert.Equal(2, call.ExitCode);
        Assert.Equal(content, File.ReadAllText(path));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task A_missing_notebook_is_named()
    {
        var call = await Call.Unipo("run", _folder["none.ipynb"]);
        Assert.Equal($"{_folder["none.ipynb"]}: there is no such file or folder.", call.Error.TrimEnd());
        Assert.Equal(2, call.ExitCode);
    }

    [Fact]
    public async Task A_folder_without_notebooks_is_named()
    {
        var call = await Call.Unipo("run", _folder.Path);
        Assert.Equal($"{_folder.Path}: there is no notebook (*.ipynb, *.dib) in this folder.", call.Error.TrimEnd());
        Assert.Equal(2, call.ExitCode);
    }

    [Fact]
    public async Task The_original_is_never_the_output()
    {
        var notebook = new NotebookBuilder().Code("1").Write(_folder.Path, "a.ipynb");
        var call = await Call.Unipo("run", notebook, "--output", _folder.Path);
        Assert.Contains("would overwrite", call.Error);
        Assert.Equal(2, call.ExitCode);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run a.ipynb --shout")]
    [InlineData("run a.ipynb --report pdf")]
    [InlineData("run a.ipynb --timeout soon")]
    [InlineData("run a.ipynb --timeout 0")]
    [InlineData("run a.ipynb --jobs 0")]
    [InlineData("walk")]
    public async Task Wrong_usage_ends_with_two_and_a_word_of_help(string words)
    {
        var call = await Call.Unipo(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, call.ExitCode);
        Assert.NotEqual("", call.Error);
    }
}
