using System.Text.RegularExpressions;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary><c>unipo view --output</c>: a page from curves to tokens, from logs of ours and of others.</summary>
public sealed partial class ViewTests : IDisposable
{
    private const string Unipo = """
        {"algorithm":"GRPO","task":"GSM8K","hparams":{"clip_eps":0.2,"kl_coef":0}}
        {"step":0,"metrics":{"reward":0.5},"prompts":[{"prompt":"1+1","responses":[{"id":"r0","reward":1,"tokens":{"ids":[1],"strings":["</script><b>2"],"log_probs":[-1],"old_log_probs":[-1],"ref_log_probs":[-1],"advantages":[1]}}]}]}
        {"step":1,"metrics":{"reward":0.75,"kl":NaN},"prompts":[{"prompt":"1+1","responses":[{"id":"r0","reward":1,"tokens":{"ids":[1],"strings":["two"]}}]}]}
        {"step":2,"metrics":{"reward":0.75}}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_becomes_one_page_with_its_explorer_and_the_script_once()
    {
        await Train("run.jsonl");
        var page = await Page("run.jsonl");
        Assert.Single(Regex.Matches(page, "<unipo-explorer"));
        Assert.Single(Regex.Matches(page, "<script data-unipo-bundle="));
        Assert.DoesNotMatch(Loading(), Script().Replace(page, ""));
        Assert.Contains("default-src 'none'", page);
        Assert.Contains("<h1>GRPO on addition</h1>", page);
        Assert.Matches("\"objective\":\\[\\d+,\"", page); // the what-if knobs have what they need, though the log holds only some of the prompts
    }

    [Fact]
    public async Task Several_runs_become_their_curves_and_an_explorer_of_each_with_the_script_once()
    {
        await Train("a.jsonl");
        await Train("b.jsonl", "--algorithm", "dr-grpo");
        var page = await Page("a.jsonl", _folder["b.jsonl"]);
        Assert.Single(Regex.Matches(page, "<unipo-learning-curves"));
        Assert.Equal(2, Regex.Count(page, "<unipo-explorer"));
        Assert.Single(Regex.Matches(page, "<script data-unipo-bundle="));
        Assert.Contains("<a href=\"#part-3\">Dr. GRPO on addition (b.jsonl)</a>", page);
        Assert.Contains("<h2 id=\"part-3\">", page);
    }

    [Fact]
    public async Task All_tokens_are_kept_when_they_are_asked_for()
    {
        await Call.Unipo("train", "--steps", "45", "--prompts", "1", "--group", "2", "--output", _folder["long.jsonl"]);
        var page = await Page("long.jsonl");
        Assert.InRange(Regex.Count(page, "\"rowIds\":"), 3, 45); // as many as fit
        Assert.InRange(page.Length, 1, 1_000_000);
        Assert.Equal(45, Regex.Count(await Page("long.jsonl", "--all-tokens"), "\"rowIds\":"));
    }

    [Fact]
    public async Task A_page_opens_at_the_step_that_is_asked_for()
    {
        await Train("run.jsonl");
        Assert.Contains("<span class=\"step\">Step 1</span>", await Page("run.jsonl", "--step", "1"));
    }

    [Fact]
    public async Task A_log_of_unipo_with_missing_columns_becomes_a_page_that_says_what_is_missing()
    {
        File.WriteAllText(_folder["unipo.jsonl"], Unipo);
        var page = await Page("unipo.jsonl");
        Assert.Contains("The log holds no weights, and not what computing them would need", page);
        Assert.DoesNotContain("NaN", Script().Replace(page, ""));
        Assert.DoesNotContain("<b>2", page);
        Assert.Contains("They were computed here", await Page("unipo.jsonl", "--step", "0"));
        Assert.Contains(
            "This step keeps no tokens here. The nearest step that has them is 1.",
            await Page("unipo.jsonl", "--step", "2")
        );
    }

    [Theory]
    [InlineData("none.jsonl", "there is no such file.")]
    [InlineData("empty.jsonl", "the file is empty.")]
    [InlineData("header.jsonl", "the log holds a header and no steps")]
    [InlineData("text.jsonl", "is of no kind that is read")]
    [InlineData("torn.jsonl", "Line 2 of the run log")]
    public async Task A_log_that_cannot_be_shown_is_named_and_no_page_is_written(string name, string fault)
    {
        File.WriteAllText(_folder["empty.jsonl"], "");
        File.WriteAllText(_folder["header.jsonl"], "{\"algorithm\":\"grpo\"}\n");
        File.WriteAllText(_folder["text.jsonl"], "no log\n");
        File.WriteAllText(_folder["torn.jsonl"], "{\"algorithm\":\"grpo\"}\n{\"step\":0,\n{\"step\":1,\"metrics\":{}}\n");
        var call = await Call.Unipo("view", _folder[name], "--output", _folder["page.html"]);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(fault, call.Error);
        Assert.Contains(name, call.Error);
        Assert.False(File.Exists(_folder["page.html"]));
    }

    [Fact]
    public async Task A_page_never_overwrites_its_log()
    {
        File.WriteAllText(_folder["unipo.jsonl"], Unipo);
        var call = await Call.Unipo("view", _folder["unipo.jsonl"], "--output", _folder["unipo.jsonl"]);
        Assert.Equal(2, call.ExitCode);
        Assert.Equal(Unipo, File.ReadAllText(_folder["unipo.jsonl"]));
    }

    [Fact]
    public async Task All_tokens_without_a_page_is_refused()
    {
        File.WriteAllText(_folder["unipo.jsonl"], Unipo);
        Assert.Contains("say --output", (await Call.Unipo("view", _folder["unipo.jsonl"], "--all-tokens")).Error);
    }

    private Task<Call> Train(string name, params string[] more) =>
        Call.Unipo([
            "train",
            "--steps",
            "2",
            "--prompts",
            "4",
            "--group",
            "4",
            "--log-prompts",
            "2",
            "--output",
            _folder[name],
            .. more,
        ]);

    private async Task<string> Page(string log, params string[] more)
    {
        var call = await Call.Unipo(["view", _folder[log], .. more, "--output", _folder["page.html"]]);
        Assert.Equal("", call.Error);
        return File.ReadAllText(_folder["page.html"]);
    }

    [GeneratedRegex("<script data-unipo-bundle=.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("""(\ssrc\s*=)|<link\s|@import|url\(\s*["']?(?!data:|#)|https?:""", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}
