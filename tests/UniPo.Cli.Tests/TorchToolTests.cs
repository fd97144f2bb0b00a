using UniPo.Cli.Tests.Support;
using UniPo.Cli.Training;

namespace UniPo.Cli.Tests;

/// <summary><c>unipo train --model FOLDER</c> and the tool it is handed over to.</summary>
public sealed class TorchToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_a_training_whose_model_is_a_folder_is_handed_over()
    {
        var folder = Directory.CreateDirectory(_folder["model"]).FullName;
        Assert.True(TorchTool.IsAsked(["train", "--model", folder]));
        Assert.True(TorchTool.IsAsked(["train", "--steps", "3", $"--model={folder}", "--lora", "8"]));
        Assert.False(TorchTool.IsAsked(["train", "--model", "addition"]));
        Assert.False(TorchTool.IsAsked(["train"]));
        Assert.False(TorchTool.IsAsked(["view", "--model", folder]));
    }

    [Fact]
    public async Task Without_the_tool_it_is_said_how_to_get_it()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Usage, await TorchTool.Run(["train", "--model", "qwen"], error, [_folder["nothing"]]));
        Assert.Contains("--model qwen is a folder", error.ToString());
        Assert.Contains("dotnet tool install --global unipo-torch", error.ToString());
    }

    [Fact]
    public async Task The_tool_gets_the_same_words_and_gives_the_exit_code()
    {
        if (OperatingSystem.IsWindows())
            return; // the stand-in is a shell script
        var tool = _folder["unipo-torch"];
        File.WriteAllText(tool, $"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{_folder["words"]}'\nexit 3\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var error = new StringWriter();
        var code = await TorchTool.Run(
            ["train", "--model", "a folder", "--lora", "8"],
            error,
            ["", Path.GetDirectoryName(tool)!]
        );
        Assert.Equal(3, code);
        Assert.Equal(["train", "--model", "a folder", "--lora", "8"], File.ReadAllLines(_folder["words"]));
        Assert.Equal("", error.ToString());
    }
}
