using System.Text.Json;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary><c>unipo compare</c> and <c>unipo view</c>.</summary>
public sealed class CompareAndViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_comparison_trains_every_algorithm_on_every_seed_once()
    {
        var first = await Compare("--steps", "2");
        Assert.Equal("", first.Error);
        Assert.Equal(0, first.ExitCode);
        foreach (var log in new[] { "grpo-1", "grpo-2", "reinforce-1", "reinforce-2" })
            Assert.Equal(2, RunLog.Read(_folder[$"cmp/{log}.jsonl"]).Steps.Count);
        Assert.Contains("against the first", first.Output);
        Assert.Contains("<h1>grpo, reinforce on addition</h1>", File.ReadAllText(_folder["cmp/index.html"]));

        File.Delete(_folder["cmp/grpo-2.jsonl"]);
        var second = await Compare("--steps", "2");
        Assert.Equal(
            first.Output.Split('\n').Where(l => l.StartsWith("GRPO", StringComparison.Ordinal)).Select(WithoutSeconds),
            second.Output.Split('\n').Where(l => l.StartsWith("GRPO", StringComparison.Ordinal)).Select(WithoutSeconds)
        );

        var json = JsonDocument.Parse(File.ReadAllText(_folder["cmp/compare.json"])).RootElement;
        Assert.Equal(
            ["GRPO", "REINFORCE"],
            json.GetProperty("algorithms").EnumerateArray().Select(a => a.GetProperty("algorithm").GetString()!)
        );

        var other = await Compare("--steps", "2", "--learning-rate", "0.001");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("holds a run with other settings", other.Error);
    }

    [Fact]
    public async Task A_run_that_stops_is_reported_and_the_others_finish()
    {
        var call = await Call.Unipo(
            "compare",
            "--algorithms",
            "grpo,trpo",
            "--seeds",
            "1",
            "--steps",
            "3",
            "--prompts",
            "2",
            "--group",
            "4",
            "--learning-rate",
            "1e38",
            "--output",
            _folder["cmp"]
        );
        Assert.Equal(1, call.ExitCode);
        Assert.Matches("\\d of 2: GRPO, seed 1: failed: Training stopped at step \\d: .*tensor", call.Output);
        Assert.Matches("\\d of 2: TRPO, seed 1: held out", call.Output); // takes its steps without a learning rate
        Assert.Contains("1 of 2 runs in", call.Output);
        Assert.Equal(
            "GRPO",
            JsonDocument
                .Parse(File.ReadAllText(_folder["cmp/compare.json"]))
                .RootElement.GetProperty("failed")[0]
                .GetProperty("algorithm")
                .GetString()
        );
    }

    [Fact]
    public async Task A_cancelled_comparison_keeps_the_runs_that_are_finished()
    {
        using var source = new CancellationTokenSource();
        using StringWriter error = new();
        using var output = new Watching(line =>
        {
            if (line.StartsWith("1 of 4", StringComparison.Ordinal))
                source.Cancel();
        });
        string[] words =
        [
            "compare",
            "--algorithms",
            "grpo,reinforce",
            "--seeds",
            "2",
            "--steps",
            "3",
            "--parallel",
            "1",
            "--prompts",
            "2",
            "--group",
            "4",
            "--output",
            _folder["cmp"],
        ];
        Assert.Equal(130, await CommandLine.Run(words, output, error, source.Token));
        Assert.Contains("kept", error.ToString());
        Assert.Contains(Directory.GetFiles(_folder["cmp"], "*.jsonl"), log => RunLog.Read(log).After is not null);
        Assert.Equal(0, (await Call.Unipo(words)).ExitCode);
    }

    [Fact]
    public async Task A_log_is_shown_as_text_or_as_a_page()
    {
        await Call.Unipo("train", "--steps", "3", "--prompts", "2", "--group", "4", "--output", _folder["run.jsonl"]);

        var text = await Call.Unipo("view", _folder["run.jsonl"], "--step", "1");
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("GRPO (addition", text.Output);
        Assert.Contains("weight of every token", text.Output);
        Assert.All(text.Output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));

        await Call.Unipo("view", _folder["run.jsonl"], "--output", _folder["run.html"]);
        Assert.Contains("<svg", File.ReadAllText(_folder["run.html"]));
    }

    [Theory]
    [InlineData("none.jsonl", "there is no such file.")]
    [InlineData("bad.jsonl", "bad.jsonl")]
    public async Task A_log_that_is_missing_or_malformed_is_named(string name, string message)
    {
        File.WriteAllText(_folder["bad.jsonl"], "no log\n");
        var call = await Call.Unipo("view", _folder[name]);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(message, call.Error);
    }

    [Fact]
    public async Task A_step_that_is_not_in_the_log_is_refused_with_those_that_are()
    {
        await Call.Unipo(
            "train",
            "--steps",
            "2",
            "--prompts",
            "2",
            "--group",
            "4",
            "--log-prompts",
            "0",
            "--output",
            _folder["run.jsonl"]
        );
        Assert.Contains("has the steps 0 to 1.", (await Call.Unipo("view", _folder["run.jsonl"], "--step", "2")).Error);
        Assert.Contains("holds no tokens of this step", (await Call.Unipo("view", _folder["run.jsonl"], "--step", "1")).Error);
    }

    private static string WithoutSeconds(string line) => line[..line.TrimEnd().LastIndexOf(' ')].TrimEnd();

    private sealed class Watching(Action<string> see) : StringWriter
    {
        public override void WriteLine(string? value) => see(value ?? "");
    }

    private Task<Call> Compare(params string[] more) =>
        Call.Unipo([
            "compare",
            "--algorithm",
            "grpo,reinforce",
            "--seeds",
            "2",
            "--prompts",
            "2",
            "--group",
            "4",
            "--output",
            _folder["cmp"],
            .. more,
        ]);
}
