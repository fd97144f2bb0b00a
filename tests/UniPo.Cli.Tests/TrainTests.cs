using System.Text.RegularExpressions;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary><c>unipo train</c> on a model small enough for a test.</summary>
public sealed partial class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public TrainTests()
    {
        _model = _folder["tiny.safetensors"];
        TinyTransformer
            .Create(
                new()
                {
                    Layers = 1,
                    Width = 16,
                    Heads = 2,
                    Hidden = 32,
                    ContextLength = 32,
                },
                Tasks.Addition().Vocabulary!,
                seed: 1
            )
            .Save(_model);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_logged_summed_up_and_the_same_for_the_same_seed()
    {
        var first = await Train("a.jsonl", "--seed", "3", "--save", _folder["trained.safetensors"]);
        var second = await Train("b.jsonl", "--seed", "3", "--threads", "1");
        await Train("c.jsonl", "--seed", "4");

        Assert.Equal("", first.Error);
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(3, RunLog.Read(_folder["a.jsonl"]).Steps.Count);
        foreach (
            var row in new[]
            {
                "right answer, exact probability",
                "KL to reference (nats)",
                "entropy (nats)",
                "response length (tokens)",
                "3 steps in",
                "step 3 of 3",
            }
        )
            Assert.Contains(row, first.Output);
        Assert.Equal(WithoutTimes("a.jsonl"), WithoutTimes("b.jsonl"));
        Assert.NotEqual(WithoutTimes("a.jsonl"), WithoutTimes("c.jsonl"));
        Assert.Equal(TinyTransformer.Load(_model).Config, TinyTransformer.Load(_folder["trained.safetensors"]).Config);
        Assert.Equal(0, second.ExitCode);
    }

    [Theory]
    [InlineData("--task poetry", "--task: there is no task 'poetry'. The tasks are addition, scratchpad")]
    [InlineData("--algorithm magic", "There is no algorithm 'magic'; there are sft, rejection-sampling, reinforce")]
    [InlineData("--algorithm grape --task addition", "Use a task with a rubric.")]
    [InlineData("--epsilon 1.5", "Clip.Low must lie in [0, 1], but was 1.5.")]
    [InlineData("--epsilon 0.2 --algorithm reinforce", "--epsilon: REINFORCE has no clip.")]
    [InlineData("--beta -1", "--beta must lie in [0, 1000000], but was -1.")]
    [InlineData("--steps 0", "--steps must lie in [1, 10000000], but was 0.")]
    [InlineData("--group 1", "Group must be at least 2 for the group-relative advantage of GRPO, but was 1: a single response")]
    [InlineData("--prompts 0", "--prompts must lie in [1, 65536], but was 0.")]
    [InlineData("--learning-rate NaN", "--learning-rate: \"NaN\" is no number; write one such as 0.2.")]
    [InlineData("--threads 0", "--threads must lie in [1, 256], but was 0.")]
    [InlineData("--seed -1", "--seed: \"-1\" is no whole number")]
    [InlineData("--model none.safetensors", "There is no file 'none.safetensors'")]
    public async Task A_wrong_value_is_named_with_the_valid_ones_and_nothing_is_written(string words, string message)
    {
        var model = words.Contains("--model", StringComparison.Ordinal) ? [] : new[] { "--model", _model };
        var call = await Call.Unipo(["train", "--output", _folder["run.jsonl"], .. model, .. words.Split(' ')]);
        Assert.Contains(message, call.Error);
        Assert.Equal(2, call.ExitCode);
        Assert.False(File.Exists(_folder["run.jsonl"]));
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("Dr. GRPO")]
    [InlineData("reinforce++")]
    [InlineData("dpo")]
    public async Task Algorithms_are_found_by_either_name_and_get_the_critic_they_need(string algorithm) =>
        Assert.Equal(0, (await Train("run.jsonl", "--algorithm", algorithm)).ExitCode);

    [Fact]
    public async Task A_run_log_that_exists_is_not_overwritten_unless_told_so()
    {
        File.WriteAllText(_folder["run.jsonl"], "precious");
        var call = await Train("run.jsonl");
        Assert.Equal(2, call.ExitCode);
        Assert.Contains("this run log exists", call.Error);
        Assert.Equal("precious", File.ReadAllText(_folder["run.jsonl"]));
        Assert.Equal(0, (await Train("run.jsonl", "--overwrite")).ExitCode);
    }

    [Fact]
    public async Task Warnings_are_said_once_with_their_cause()
    {
        var call = await Train("run.jsonl", "--algorithm", "dapo", "--seed", "8"); // an untaught model is never right: no group is worth keeping
        Assert.Contains(
            "Warning at 3 steps, first at step 1: After 4 rollouts only 0 of 2 groups had responses to compare: the prompts are too easy or too hard",
            call.Output
        );
    }

    [Fact]
    public async Task Without_a_task_an_algorithm_gets_the_one_it_needs()
    {
        var call = await Train("run.jsonl", "--algorithm", "grape");
        Assert.Equal(0, call.ExitCode);
        Assert.Equal("rubric", RunLog.Read(_folder["run.jsonl"]).Header.Task);
    }

    [Fact]
    public async Task A_cancelled_run_keeps_its_steps()
    {
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(),
            error = new();
        stop.Cancel();
        var code = await CommandLine.Run(
            ["train", "--model", _model, "--steps", "5", "--output", _folder["run.jsonl"]],
            output,
            error,
            stop.Token
        );
        Assert.Equal(130, code);
        Assert.Equal("Cancelled after 0 of 5 steps.", RunLog.Read(_folder["run.jsonl"]).Stopped);
    }

    private Task<Call> Train(string log, params string[] more) =>
        Call.Unipo([
            "train",
            "--model",
            _model,
            "--steps",
            "3",
            "--prompts",
            "2",
            "--group",
            "4",
            "--output",
            _folder[log],
            .. more,
        ]);

    private string WithoutTimes(string log) => Times().Replace(File.ReadAllText(_folder[log]), "");

    [GeneratedRegex("\"(timestamp|[a-z_]*(time|seconds|duration|ms)[a-z_]*)\":(\"[^\"]*\"|[0-9.eE+-]+),?")]
    private static partial Regex Times();
}
