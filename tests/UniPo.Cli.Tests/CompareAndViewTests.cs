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
        foreach (var log in new[] { "grpo-1", "grpo-2", "reinforce-1", "reinforce-2" }) Assert.Equal(2, RunLog.Read(_folder[$"cmp/{log}.jsonl"]).Steps.Count);
        Assert.Contains("against the first", first.Output);
        Assert.Contains("<h1>grpo, reinforce on addition</h1>", File.ReadAllText(_folder["cmp/index.html"]));

        File.Delete(_folder["cmp/grpo-2.jsonl"]);
        var second = await Compare("--steps", "2");
        Assert.Contains("grpo, seed 1: taken from", second.Output);
        Assert.Contains("grpo, seed 2: held out", second.Output);

        var other = await Compare("--steps", "2", "--learning-rate", "0.001");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("holds a run with other settings", other.Error);
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

        await Call.Unipo("view", _folder["run.jsonl"], "--html", _folder["run.html"]);
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
        await Call.Unipo("train", "--steps", "2", "--prompts", "2", "--group", "4", "--log-prompts", "0", "--output", _folder["run.jsonl"]);
        Assert.Contains("has the steps 0 to 1.", (await Call.Unipo("view", _folder["run.jsonl"], "--step", "2")).Error);
        Assert.Contains("holds no tokens of this step", (await Call.Unipo("view", _folder["run.jsonl"], "--step", "1")).Error);
    }

    private Task<Call> Compare(params string[] more) =>
        Call.Unipo(["compare", "--algorithm", "grpo,reinforce", "--seeds", "2", "--prompts", "2", "--group", "4", "--output", _folder["cmp"], .. more]);
}
