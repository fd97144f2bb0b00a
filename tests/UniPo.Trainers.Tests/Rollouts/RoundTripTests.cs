using System.Globalization;
using System.Text.Json;

namespace UniPo.Tests.Rollouts;

/// <summary>A rollout of our own, written as other trainers write theirs, is read back with the same numbers.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TokenReport _report = Trained();

    public void Dispose() => _folder.Dispose();

    // The third pass, so that old and new log-probabilities differ.
    private static TokenReport Trained()
    {
        var run = LetterTraining.New(LetterTraining.Options with { Passes = 3, MiniBatches = 1 }).Train(steps: 3);
        return run.Steps[^1].Report!;
    }

    private TrainerLog Write(string name, Func<int, object> line)
    {
        File.WriteAllLines(
            _folder[name],
            Enumerable.Range(0, _report.Batch.Layout.Responses).Select(row => JsonSerializer.Serialize(line(row)))
        );
        return TrainerLog.Read(_folder[name]);
    }

    private RolloutBatch Batch => _report.Batch;

    private int[] Prompt(int row) => [100 + Batch.Layout.GroupOf[row], 7];

    private static double[] Padded(double[] response, int total) =>
        [0, 0, .. response, .. new double[total - 2 - response.Length]];

    private int Total => Batch.Layout.MaxLength + 4;

    private double[] Row(TokenColumn column, int row) => Padded(column.Row(row).ToArray(), Total);

    private LoggedRollout Page(TrainerLog log) => log.Rollouts!.Page(log.Rollouts.Steps.Single(), 0, 100);

    private void SameResponses(LoggedRollout read, bool rewards = true)
    {
        Assert.Equal(Batch.Layout.GroupStarts.ToArray(), read.Batch.Layout.GroupStarts.ToArray());
        Assert.Equal(Batch.Layout.RowStarts.ToArray(), read.Batch.Layout.RowStarts.ToArray());
        Assert.Equal(Batch.Responses.SelectMany(r => r.Tokens!), read.Batch.Responses.SelectMany(r => r.Tokens!));
        if (rewards)
            Assert.Equal(Batch.Rewards(), read.Batch.Rewards());
        Assert.Equal(_report.Advantage!.Values.ToArray(), read.Advantages!.Values.ToArray());
    }

    [Fact]
    public void As_NeMo_RL_writes_it()
    {
        var log = Write(
            "train_data_step5.jsonl",
            row => new
            {
                idx = row,
                rewards = new[] { Batch.Responses[row].Reward },
                token_ids = new[]
                {
                    Padded([.. Batch.Responses[row].Tokens!.Select(t => (double)t)], Total)
                        .Select((v, t) => t < 2 ? Prompt(row)[t] : (int)v),
                },
                token_loss_mask = new[] { Padded([.. Batch.Responses[row].Tokens!.Select(_ => 1.0)], Total).Select(v => (int)v) },
                sample_loss_mask = new[] { 1.0 },
                advantages = new[] { Row(_report.Advantage!, row) },
                generation_logprobs = new[] { Row(Batch.OldLogProbs, row) },
                prev_logprobs = new[] { Row(Batch.OldLogProbs, row) },
            }
        );
        Assert.Equal(LogFormat.NemoRl, log.Format);
        var read = Page(log);
        SameResponses(read);
        Assert.Equal(Batch.OldLogProbs.Values.ToArray(), read.Batch.OldLogProbs.Values.ToArray());
        Assert.Equal(Batch.OldLogProbs.Values.ToArray(), read.Batch.SamplerLogProbs!.Values.ToArray());
        Assert.Equal(5, log.Run.Steps.Single().Step);
        Assert.Equal(Batch.Rewards().Average(), log.Run.Steps[0].Metrics["reward"], 12);
        Assert.Equal(Batch.Layout.Tokens / (double)Batch.Layout.Responses, log.Run.Steps[0].Metrics["response_length"], 12);
    }

    [Fact]
    public void As_prime_rl_writes_it_with_ratios_and_weights_of_our_own()
    {
        bool[] Mask(int row) => [.. Padded([.. Batch.Responses[row].Tokens!.Select(_ => 1.0)], Total).Select(v => v > 0)];
        var log = Write(
            "rank_0.jsonl",
            row => new
            {
                schema_version = 1,
                step = 5,
                token_ids = Padded([.. Batch.Responses[row].Tokens!.Select(t => (double)t)], Total)
                    .Select((v, t) => t < 2 ? Prompt(row)[t] : (int)v),
                loss_mask = Mask(row),
                advantages = Row(_report.Advantage!, row),
                inference_logprobs = Row(Batch.OldLogProbs, row),
                trainer_logprobs = Row(Batch.LogProbs, row),
                importance_ratio = Row(_report.Ratio!, row),
            }
        );
        var read = Page(log);
        SameResponses(read, rewards: false);
        Assert.Equal(Batch.LogProbs.Values.ToArray(), read.Batch.LogProbs.Values.ToArray());
        Assert.Equal(_report.Ratio!.Values.ToArray(), read.Ratio!.Values.ToArray());
        Assert.All(read.Batch.Responses, r => Assert.True(double.IsNaN(r.Reward))); // the format holds none

        // The weights that training used come back from the logged advantages and log-probabilities alone.
        var again = log.WhatIf(Algorithms.Grpo with { Kl = Kl.None }, new LogOptions { PromptsPerStep = 100 }).Steps.Single();
        Assert.Equal(Agreement.Agrees, again.Columns.Single(c => c.Name == "ratio").Agreement);
        var own = (Algorithms.Grpo with { Kl = Kl.None }).Evaluate((Algorithms.Grpo with { Kl = Kl.None }).Credit(Batch));
        Assert.Equal(own.Weight.Values.ToArray(), again.Report!.Weight.Values.ToArray());
    }

    [Fact]
    public void As_open_instruct_writes_it()
    {
        var log = Write(
            "run_rollouts_000000.jsonl",
            row => new
            {
                step = 5,
                sample_idx = row,
                prompt_idx = Batch.Layout.GroupOf[row],
                prompt_tokens = Prompt(row),
                response_tokens = Batch.Responses[row].Tokens,
                reward = Batch.Responses[row].Reward,
                advantage = _report.Advantage![row, 0],
                finish_reason = Batch.Responses[row].Truncated ? "length" : "stop",
                logprobs = Batch.OldLogProbs.Row(row).ToArray(),
            }
        );
        SameResponses(Page(log));
        Assert.Equal(Batch.OldLogProbs.Values.ToArray(), Page(log).Batch.OldLogProbs.Values.ToArray());
        Assert.Equal(Batch.Responses.Average(r => r.Truncated ? 1.0 : 0), log.Run.Steps[0].Metrics["truncated"], 12);
    }

    [Fact]
    public void As_verl_dumps_it_with_groups_and_rewards()
    {
        var log = Write(
            "5.jsonl",
            row => new
            {
                input = Batch.Groups[Batch.Layout.GroupOf[row]].Prompt.Text
                    + " #"
                    + Batch.Layout.GroupOf[row].ToString(CultureInfo.InvariantCulture),
                output = Batch.Responses[row].Text,
                gts = "x",
                score = Batch.Responses[row].Reward,
                step = 5,
            }
        );
        var read = Page(log);
        Assert.Equal(Batch.Layout.GroupStarts.ToArray(), read.Batch.Layout.GroupStarts.ToArray());
        Assert.Equal(Batch.Rewards(), read.Batch.Rewards());
        Assert.Equal(Batch.Responses.Select(r => r.Text), read.Batch.Responses.Select(r => r.Text));
    }

    [Fact]
    public void Verls_unique_ids_keep_equal_prompts_apart()
    {
        File.WriteAllLines(
            _folder["1.jsonl"],
            Enumerable
                .Range(0, 4)
                .Select(i => $$"""{"input": "p", "output": "o", "score": 1, "step": 1, "uid": "a_{{i / 2}}_x_{{i % 2}}_0"}""")
        );
        Assert.Equal([2, 2], TrainerLog.Read(_folder["1.jsonl"]).Rollouts!.GroupSizes(1));
    }

    [Fact]
    public void A_folder_of_dumps_is_one_run_with_a_step_for_each_file()
    {
        foreach (var step in new[] { 1, 2, 10 })
            File.WriteAllText(
                _folder[$"{step}.jsonl"],
                $$"""{"input": "p", "output": "o", "score": {{step}}, "step": {{step}}}"""
            );
        var log = TrainerLog.Read(Path.GetDirectoryName(_folder["1.jsonl"])!);
        Assert.Equal([1, 2, 10], log.Run.Steps.Select(s => s.Step));
        Assert.Equal([1.0, 2, 10], log.Run.Curve("reward"));
    }

    [Fact]
    public void Memory_grows_with_the_number_of_responses_not_with_their_length()
    {
        var text = new string('x', 20_000);
        File.WriteAllLines(
            _folder["3.jsonl"],
            Enumerable.Range(0, 2_000).Select(i => $$"""{"input": "p{{i / 8}}", "output": "{{text}}", "score": 0.5, "step": 3}""")
        ); // 40 MB
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var log = TrainerLog.Read(_folder["3.jsonl"]);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(2_000, log.Rollouts!.Responses);
        Assert.InRange(kept, 0, 8 << 20);
        Assert.Equal(text, log.Rollouts.Page(3, 249, 1).Batch.Responses[^1].Text);
    }
}
