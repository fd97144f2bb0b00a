using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Logs of other trainers on the command line: viewed, diagnosed, followed, and settings named.</summary>
public sealed class ForeignLogCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string State(string name, double reward = 0.5)
    {
        File.WriteAllText(
            _folder[name],
            "{\"log_history\": ["
                + string.Join(
                    ", ",
                    Enumerable
                        .Range(1, 20)
                        .Select(i =>
                            FormattableString.Invariant(
                                $"{{\"step\": {i}, \"epoch\": 0.1, \"loss\": 0.01, \"reward\": {reward}, \"completions/mean_length\": 20, \"<script>\": 1}}"
                            )
                        )
                )
                + "]}"
        );
        return _folder[name];
    }

    [Fact]
    public async Task View_says_what_it_recognised_and_makes_up_no_seed()
    {
        var call = await Call.Unipo("view", State("trainer_state.json"));
        Assert.Contains("TRL GRPO (trainer_state.json), 20 rows, steps 1–20; this kind of file has no tokens", call.Output);
        Assert.DoesNotContain("seed 0", call.Output);
        Assert.DoesNotContain("unknown", call.Output);
    }

    [Fact]
    public async Task A_page_of_a_foreign_log_escapes_its_names()
    {
        await Call.Unipo("view", State("a.json"), "--output", _folder["page.html"]);
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("20 rows", page);
        Assert.DoesNotContain("<script>\"", page);
    }

    [Fact]
    public async Task A_folder_becomes_a_comparison()
    {
        State("a.json", 0.25);
        State("b.json", 0.75);
        var call = await Call.Unipo("view", Path.GetDirectoryName(_folder["a.json"])!);
        Assert.Contains("a.json: TRL GRPO", call.Output);
        Assert.Contains("b.json: TRL GRPO", call.Output);
    }

    [Fact]
    public async Task Diagnose_prints_findings_and_writes_a_page_without_network()
    {
        var log = State("a.json");
        Assert.Contains("✗ Does the reward move? — ill", (await Call.Unipo("diagnose", log)).Output);
        await Call.Unipo("diagnose", log, "--output", _folder["d.html"]);
        var page = File.ReadAllText(_folder["d.html"]);
        Assert.Contains("Does the reward move?", page);
        Assert.DoesNotContain("http://", page);
    }

    [Fact]
    public async Task What_if_names_the_parts_that_fit()
    {
        File.WriteAllLines(
            _folder["r.jsonl"],
            Enumerable
                .Range(0, 4)
                .Select(i =>
                    FormattableString.Invariant(
                        $"{{\"step\": 1, \"prompt_idx\": 0, \"prompt_tokens\": [1], \"response_tokens\": [5], \"reward\": {i}, \"advantage\": {i - 1.5}, \"logprobs\": [-0.5]}}"
                    )
                )
        );
        var call = await Call.Unipo("view", _folder["r.jsonl"], "--what-if", "dr-grpo");
        Assert.Contains("= advantage agrees", call.Output);
        Assert.Contains("not divided (Dr. GRPO)", call.Output);
    }

    [Fact]
    public async Task Which_names_the_algorithm_of_settings()
    {
        Assert.Contains(
            "Nearest: Dr. GRPO",
            (await Call.Unipo("which", "--loss-type", "dr_grpo", "--scale-rewards", "none")).Output
        );
        Assert.Contains(
            "Nearest: GSPO",
            (
                await Call.Unipo("which", "actor_rollout_ref.actor.policy_loss.loss_mode=gspo", "algorithm.adv_estimator=grpo")
            ).Output
        );
        var wrong = await Call.Unipo("which", "--loss-typo", "dapo");
        Assert.Equal(ExitCode.Usage, wrong.ExitCode);
        Assert.Contains("loss_typo", wrong.Error);
    }

    [Fact]
    public async Task Files_of_no_kind_and_empty_names_are_refused_in_one_sentence()
    {
        File.WriteAllText(_folder["x.txt"], "hello\n");
        var call = await Call.Unipo("view", _folder["x.txt"]);
        Assert.Contains("is of no kind that is read. It begins with: hello", call.Error);
        Assert.Equal(ExitCode.Usage, (await Call.Unipo("view", "")).ExitCode);
        Assert.Equal(ExitCode.Usage, (await Call.Unipo("view", State("a.json"), "--output", "")).ExitCode);
    }

    [Fact]
    public async Task Following_shows_a_log_again_when_it_has_grown_and_ends_when_it_is_stopped()
    {
        var (log, shown) = (State("a.json"), 0);
        using var stop = new CancellationTokenSource();
        await Commands.LogFollower.Follow(
            [log],
            () =>
            {
                if (++shown == 1)
                    File.AppendAllText(log, " ");
                else
                    stop.Cancel();
            },
            TextWriter.Null,
            stop.Token
        );
        Assert.Equal(2, shown);
    }
}
