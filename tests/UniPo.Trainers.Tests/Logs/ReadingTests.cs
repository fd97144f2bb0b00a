using System.Text;

namespace UniPo.Tests.Logs;

/// <summary>Files of every kind are recognised by content, and what they hold keeps its name, sign and place.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Samples.All.Select(s => s.Name)];

    private TrainerLog Read(string name) => Read("file", Samples.Named(name).Content());

    private TrainerLog Read(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return TrainerLog.Read(_folder[name]);
    }

    private TrainerLog Read(string name, string content) => Read(name, Encoding.UTF8.GetBytes(content));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_kind_is_recognised_by_its_content_whatever_the_file_is_called(string name)
    {
        var (sample, log) = (Samples.Named(name), Read(name));
        Assert.Equal(sample.Format, log.Format);
        Assert.Equal(sample.Method, log.Method);
        Assert.Equal(sample.Rows, log.Runs.Sum(r => r.Steps.Count));
        Assert.Contains(sample.Format.Trainer, log.Recognised, StringComparison.Ordinal);
        Assert.All(log.Runs.SelectMany(r => r.Steps).SelectMany(s => s.Metrics.Values), v => Assert.True(double.IsFinite(v)));
    }

    [Fact]
    public void A_trainer_state_keeps_its_steps_its_own_keys_and_a_gap_where_a_number_was_none()
    {
        var log = Read("trainer_state.json");
        Assert.StartsWith(
            "TRL GRPO (trainer_state.json), 12 rows, steps 5–60; this kind of file has no tokens",
            log.Recognised,
            StringComparison.Ordinal
        );
        var steps = log.Run.Steps;
        Assert.Equal([5, 10, 15], steps.Take(3).Select(s => s.Step));
        Assert.Equal(0.05, steps[0].Metrics["reward"], 12);
        Assert.Equal(-0.01, steps[0].Metrics["policy_loss"], 12);
        Assert.Equal(0.25, steps[0].Metrics["silent_groups"]);
        Assert.Equal(7, steps[6].Metrics["my_own/number"]);
        Assert.Equal(0.4, steps[^1].Metrics["eval_reward"]); // joins the training row of its step
        Assert.Null(steps[0].Metric("grad_norm"));
        Assert.Equal((1, 5), log.NotFinite["grad_norm"]);
        Assert.Equal(60, log.Run.Header.Steps);
        Assert.Contains(log.Metrics, m => m is { Key: "kl", Name: "kl", Unit: "nats" });
        Assert.DoesNotContain("seed", log.Run.Header.Hyperparameters.Keys);
    }

    [Fact]
    public void A_verl_console_gives_up_its_colours_wrappers_and_settings_and_no_look_alike_becomes_a_step()
    {
        var log = Read("verl.log");
        Assert.Equal([1, 2, 3], log.Run.Steps.Select(s => s.Step));
        Assert.Equal(-0.02, log.Run.Steps[1].Metrics["policy_loss"]);
        Assert.Equal(0.25, log.Run.Steps[1].Metrics["val-core/data@x/acc/mean@8"]);
        Assert.Equal(0.28, log.Run.Header.Hyperparameters["clip_ratio_high"]);
        Assert.Equal("grpo", log.Run.Header.Hyperparameters["adv_estimator"]);
    }

    [Fact]
    public void Progress_bars_number_the_rows_of_a_console() =>
        Assert.Equal([5, 10, 15], Read("trl-console.txt").Run.Steps.Select(s => s.Step));

    [Fact]
    public void A_console_without_bars_between_its_rows_counts_them_and_says_so()
    {
        var log = Read(
            "c.txt",
            "100%|###| 3/3 [00:01<00:00]\n{'loss': 0.5, 'epoch': 0.1}\n{'loss': 0.4, 'epoch': 0.2}\n{'loss': 0.3, 'epoch': 0.3}\n"
        );
        Assert.Equal([1, 2, 3], log.Run.Steps.Select(s => s.Step));
        Assert.Contains(log.Notes, n => n.Contains("counted", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_runs_in_one_console_become_several_runs()
    {
        var console = Encoding.UTF8.GetString(Samples.Named("verl.log").Content());
        var log = Read("twice.log", console + console);
        Assert.Equal([3, 3], log.Runs.Select(r => r.Steps.Count));
        Assert.Contains(log.Notes, n => n.Contains("holds 2 runs", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_out_of_order_and_repeated_steps_are_told_and_the_later_number_wins()
    {
        var log = Read(
            "t.json",
            """{"log_history": [{"step": 2, "epoch": 1, "loss": 0.2}, {"step": 1, "epoch": 1, "loss": 0.1}, {"step": 2, "epoch": 1, "loss": 0.3}]}"""
        );
        Assert.Equal([1, 2], log.Run.Steps.Select(s => s.Step));
        Assert.Equal(0.3, log.Run.Steps[1].Metrics["policy_loss"]);
        Assert.Contains(log.Notes, n => n.Contains("logged twice", StringComparison.Ordinal));
        Assert.Contains(log.Notes, n => n.Contains("order of their steps", StringComparison.Ordinal));
    }

    [Fact]
    public void A_torn_last_line_is_left_out_with_a_note()
    {
        var text = Encoding.UTF8.GetString(Samples.Named("verl.jsonl").Content());
        var log = Read("verl.jsonl", text[..^30]);
        Assert.Equal(3, log.Run.Steps.Count);
        Assert.Contains(log.Notes, n => n.Contains("torn", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"a": 1}""", "It is JSON, but holds no rows of a training.")]
    [InlineData("Dear diary,\ntoday", "It begins with: Dear diary, | today")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid x", "pointer of Git LFS")]
    public void A_file_of_no_kind_says_what_it_is_and_which_kinds_are_read(string content, string says)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read("file", content));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Contains("TRL trainer_state.json", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("is no JSON", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crashed_console_is_named_although_it_holds_no_row() =>
        Assert.Contains(
            "ended before its first row",
            Assert
                .Throws<InvalidDataException>(() =>
                    Read("c.log", "(pid=1) {'algorithm': {'adv_estimator': 'grpo'}}\nTraceback\n")
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("\"odds_ratio_loss\": 1, \"rewards/chosen\": 1", "ORPO")]
    [InlineData("\"kl\": 1, \"rewards/chosen\": 1", "KTO")]
    [InlineData("\"rewards/chosen\": 1", "DPO")]
    [InlineData("\"objective/rlhf_reward\": 1", "PPO")]
    [InlineData("\"mean_token_accuracy\": 0.5", "SFT")]
    [InlineData("\"logps/chosen\": -5", "SimPO or CPO")]
    [InlineData("\"reward\": 1, \"completion_length\": 5", "GRPO")]
    public void Methods_are_told_apart_by_their_keys(string keys, string method) =>
        Assert.Equal(method, Read("t.json", $$"""[{"step": 1, "epoch": 0.1, "loss": 0.5, {{keys}}}]""").Method);

    [Fact]
    public void A_folder_of_logs_becomes_a_comparison_that_names_what_was_left_out()
    {
        File.WriteAllText(_folder["a.json"], Samples.TrainerState());
        File.WriteAllText(_folder["b.json"], Samples.TrainerState());
        File.WriteAllText(_folder["readme.txt"], "hello");
        var logs = TrainerLog.ReadFolder(Path.GetDirectoryName(_folder["a.json"])!);
        Assert.Equal(2, logs.Count);
        Assert.Contains(logs[0].Notes, n => n.Contains("readme.txt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chart_of_wandb_holds_several_runs_by_name() =>
        Assert.Equal(["first - run", "second"], Read("chart.csv").Runs.Select(r => r.Header.Model));
}
