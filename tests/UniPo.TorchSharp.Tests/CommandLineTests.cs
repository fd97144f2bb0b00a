using UniPo.Torch;
using UniPo.Torch.Cli;

namespace UniPo.TorchSharp.Tests;

public class CommandLineTests
{
    [TorchTheory]
    [InlineData("0")]
    [InlineData("4")]
    public void A_folder_is_trained_and_a_folder_that_loads_is_written(string rank)
    {
        var place = Directory.CreateTempSubdirectory("unipo-").FullName;
        var (log, saved) = (Path.Combine(place, "run.jsonl"), Path.Combine(place, "model"));
        var (code, output) = Run(
            "--model",
            new Fixture("qwen2-gqa-tied-bf16").Folder,
            "--task",
            "addition",
            "--algorithm",
            "PPO", // a model of random weights earns nothing: without a critic it would stay as it is
            "--steps",
            "2",
            "--prompts",
            "2",
            "--group",
            "4",
            "--threads",
            "1",
            "--lora",
            rank,
            "--learning-rate",
            "0.001",
            "--output",
            log,
            "--save",
            saved
        );
        Assert.True(code == 0, output);
        var run = RunLog.Read(log);
        Assert.Equal(2, run.Steps.Count);
        Assert.Equal("qwen2-gqa-tied-bf16", run.Header.Model);
        var before = HuggingFace.Load(new Fixture("qwen2-gqa-tied-bf16").Folder);
        var after = HuggingFace.Load(saved);
        Assert.Equal(before.Model.named_parameters().Select(p => p.name), after.Model.named_parameters().Select(p => p.name));
        var changed = before
            .Model.named_parameters()
            .Zip(after.Model.named_parameters())
            .Count(p => Fixture.Largest(p.First.parameter.detach() - p.Second.parameter.detach()) > 0);
        Assert.True(changed > 10, $"{changed} tensors have changed");
        Assert.Equal(rank != "0", Directory.Exists(Path.Combine(saved, "adapters")));
        Directory.Delete(place, recursive: true);
    }

    [TorchFact]
    public void What_is_wrong_is_said_in_a_sentence_and_the_exit_code()
    {
        var (code, output) = Run("--model", "/no/such/folder");
        Assert.Equal(2, code);
        Assert.Contains("There is no folder /no/such/folder", output);
        (code, output) = Run("--model", new Fixture("qwen2-gqa-tied-bf16").Folder, "--algorithm", "nonsense");
        Assert.Equal(2, code);
        Assert.Contains("There is no algorithm 'nonsense'", output);
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var writer = new StringWriter();
        var code = TrainCommand.Create().Parse(arguments).Invoke(new() { Output = writer, Error = writer });
        return (code, writer.ToString());
    }
}
