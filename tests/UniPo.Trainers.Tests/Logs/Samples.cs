using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Parquet.Serialization;

namespace UniPo.Tests.Logs;

/// <summary>One small file of every kind that is read, with numbers of our own.</summary>
internal static class Samples
{
    public sealed record Sample(string Name, LogFormat Format, string? Method, int Rows, Func<byte[]> Content);

    public static IReadOnlyList<Sample> All { get; } =
    [
        new("trainer_state.json", LogFormat.TrainerState, "GRPO", 12, () => Bytes(TrainerState())),
        new("log_history.json", LogFormat.LogHistory, "DPO", 3, () => Bytes(LogHistory())),
        new("logging.jsonl", LogFormat.LogHistory, "GRPO", 4, () => Bytes(SwiftLines())),
        new("trainer_log.jsonl", LogFormat.LlamaFactory, null, 3, () => Bytes(LlamaFactory())),
        new("trl-console.txt", LogFormat.TrlConsole, "GRPO", 3, () => Bytes(TrlConsole())),
        new("verl.log", LogFormat.VerlConsole, "GRPO", 3, () => Bytes(VerlConsole())),
        new("verl.jsonl", LogFormat.VerlFileLogger, "PPO", 4, () => Bytes(VerlFileLogger())),
        new("7.jsonl", LogFormat.VerlRollouts, null, 1, () => Bytes(VerlRollouts())),
        new("train_data_step3.jsonl", LogFormat.NemoRl, null, 1, () => Bytes(NemoRl())),
        new("rank_0.jsonl", LogFormat.PrimeRl, null, 1, () => Bytes(PrimeRl())),
        new("run_rollouts_000000.jsonl", LogFormat.OpenInstruct, null, 2, () => Bytes(OpenInstruct())),
        new("openrlhf.log", LogFormat.OpenRlhfConsole, null, 2, () => Bytes(OpenRlhfConsole())),
        new("slime.log", LogFormat.SlimeConsole, null, 3, () => Bytes(SlimeConsole())),
        new("metrics.jsonl", LogFormat.MetricLines, null, 3, () => Bytes(MetricLines())),
        new("history.csv", LogFormat.WandbCsv, "GRPO", 3, () => Bytes(WandbHistory())),
        new("chart.csv", LogFormat.WandbCsv, null, 4, () => Bytes(WandbChart())),
        new("events.out.tfevents.1.host.1.0", LogFormat.TensorBoard, "GRPO", 3, () => TensorBoard()),
        new("completions_00010.parquet", LogFormat.TrlCompletions, "GRPO", 1, () => Completions()),
        new("unipo.json", LogFormat.RunLog, "ppo", 2, () => Bytes(Unipo())),
    ];

    public static Sample Named(string name) => All.Single(s => s.Name == name);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string TrainerState() =>
        """{"epoch": 1.2, "global_step": 60, "max_steps": 60, "train_batch_size": 2, "log_history": ["""
        + string.Join(
            ", ",
            Enumerable
                .Range(1, 12)
                .Select(i =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"step": {{5 * i}}, "epoch": {{0.1 * i}}, "loss": {{-0.01 * i}}, "grad_norm": {{(i == 1 ? "NaN" : "0.5")}}, "learning_rate": 1e-06, "reward": {{0.05 * i}}, "reward_std": 0.3, "frac_reward_zero_std": 0.25, "completions/mean_length": {{100 + i}}, "completions/clipped_ratio": 0.05, "rewards/exact/mean": {{0.05 * i}}, "kl": 0.01, "my_own/number": {{i}}, "sampling/sampling_logp_difference/mean": 0.004}"""
                    )
                )
        )
        + """, {"step": 60, "epoch": 1.2, "eval_reward": 0.4, "eval_runtime": 3.5}, {"step": 60, "train_runtime": 100.0, "train_loss": 0.1}]}""";

    private static string LogHistory() =>
        "[\n"
        + string.Join(
            ",\n",
            Enumerable
                .Range(1, 3)
                .Select(i =>
                    $$"""{"step": {{i}}, "epoch": 0.{{i}}, "loss": 0.6, "grad_norm": NaN, "rewards/chosen": 0.1, "rewards/rejected": -0.1, "rewards/margins": 0.2, "rewards/accuracies": 0.75, "logps/chosen": -80.5}"""
                )
        )
        + "]";

    private static string SwiftLines() =>
        Lines(
            4,
            i =>
                $$"""{"loss": 0.01, "reward": 0.{{i}}, "completions/mean_length": 9.5, "epoch": 0.{{i}}, "global_step/max_steps": "{{i}}/4", "elapsed_time": "1s", "percentage": "25%"}"""
        );

    private static string LlamaFactory() =>
        Lines(
            3,
            i =>
                $$"""{"current_steps": {{10 * i}}, "total_steps": 30, "loss": 0.{{9 - i}}, "accuracy": 0.5, "learning_rate": 1e-6, "epoch": 0.1, "elapsed_time": "0:00:26"}"""
        );

    private static string TrlConsole() =>
        "Map: 100%|####| 7/7 [00:00<00:00]\n"
        + string.Concat(
            Enumerable
                .Range(1, 3)
                .Select(i =>
                    $" {i}0%|# | {5 * i}/15 [00:01<00:02]\r{{'loss': '-0.0', 'grad_norm': nan, 'reward': '0.{i}', 'completions/mean_length': '20.5', 'kl': None, 'np': np.float64(0.5), 'epoch': '0.0{i}'}}\n"
                )
        )
        + "{'train_runtime': '10.5', 'train_loss': '0.1'}\n";

    private static string VerlConsole() =>
        "\x1b[36m(TaskRunner pid=17)\x1b[0m {'algorithm': {'adv_estimator': 'grpo', 'gamma': 1.0},\n"
        + "\x1b[36m(TaskRunner pid=17)\x1b[0m  'clip_ratio_low': 0.2, 'clip_ratio_high': 0.28,\n"
        + "(WorkerDict pid=9) Next step:3 - move the cursor\n"
        + string.Concat(
            Enumerable
                .Range(1, 3)
                .Select(i =>
                    $"\x1b[36m(TaskRunner pid=17)\x1b[0m step:{i} - actor/pg_loss:np.float64(-0.0{i}) - critic/score/mean:0.{i} - actor/entropy:0.5 - response_length/mean:100.0 - actor/grad_norm:nan - val-core/data@x/acc/mean@8:0.25\n"
                )
        )
        + "step:4 - torn\n";

    private static string VerlFileLogger() =>
        Lines(
            4,
            i =>
                $$$"""{"step":{{{i}}},"data":{"critic/score/mean":0.{{{i}}},"critic/vf_loss":0.2,"actor/pg_loss":0.01,"training/global_step":{{{i}}},"rollout_corr/k3_kl":0.0004,"actor/grad_norm":null}}"""
        );

    private static string VerlRollouts() =>
        Lines(
            8,
            i =>
                $$"""{"input": "user\nWhat is {{(i - 1) / 4}}+1?\nassistant\n", "output": "<think>well 👍 {{i}}</think> the answer is {{i}}", "gts": "{{i}}", "score": {{i % 2}}.0, "step": 7, "acc": true, "note": "text"}"""
        );

    private static string NemoRl() =>
        Lines(
            4,
            i =>
                $$"""{"idx": {{i - 1}}, "content": ["x"], "rewards": [{{i % 2}}.0], "input_lengths": [6], "token_ids": [[5, 6, 7, 1{{i}}, 12, 13, 0, 0]], "token_loss_mask": [[0, 0, 0, 1, 0, 1, 0, 0]], "sample_loss_mask": [1.0], "advantages": [[0, 0, 0, {{(i % 2 == 1 ? 0.7 : -0.7).ToString(CultureInfo.InvariantCulture)}}, 0, {{(i % 2 == 1 ? 0.7 : -0.7).ToString(CultureInfo.InvariantCulture)}}, 0, 0]], "generation_logprobs": [[0, 0, 0, -0.5, -0.1, -0.25, 0, 0]], "prev_logprobs": [[0, 0, 0, -0.51, -0.1, -0.24, 0, 0]]}"""
        );

    private static string PrimeRl() =>
        Lines(
            3,
            i =>
                $$"""{"schema_version": 1, "step": 9, "rank": 0, "env_name": "sums", "token_ids": [1, 2, {{i}}, 4], "loss_mask": [false, false, true, true], "advantages": [null, null, 0.5, 0.5], "inference_logprobs": [null, null, -1.0, -0.5], "trainer_logprobs": [null, null, -0.9, -0.5], "importance_ratio": [null, null, 1.1051709180756477, 1.0], "mismatch_kl": [null, null, 0.0051709180756477, 0.0], "entropy": [null, null, 0.3, 0.2]}"""
        );

    private static string OpenInstruct() =>
        Lines(
            8,
            i =>
                $$"""{"step": {{(i - 1) / 4}}, "sample_idx": {{i}}, "prompt_idx": {{(i - 1) % 4 / 2}}, "prompt_tokens": [3, 4], "response_tokens": [{{i}}, 9], "reward": {{i % 2}}.0, "advantage": 0.5, "finish_reason": "{{(i == 3 ? "length" : "stop")}}", "dataset": "d", "ground_truth": "8", "request_info": null, "logprobs": [-0.5, -0.25]}"""
        );

    private static string OpenRlhfConsole() =>
        string.Concat(
            Enumerable
                .Range(1, 2)
                .Select(i =>
                    $"(main pid=3) 2026-01-01 INFO ✨ Global step {i}: {{'reward': 0.{i}, 'response_length': 100.5, 'policy_loss': -0.01, 'kl': 0.002, 'ppo_clip_ratio': 0.01, 'timing/step_total': 10.5, 'note': 'text'}}\n"
                )
        );

    private static string SlimeConsole() =>
        string.Concat(
            Enumerable
                .Range(0, 3)
                .Select(i =>
                    $"[2026-01-01] data.py:42 - rollout {i}: {{'rollout/raw_reward': 0.{i}, 'rollout/truncated_ratio': 0.1}}\n[2026-01-01] model.py:9 - step {i}: {{'train/pg_loss': 0.01, 'train/grad_norm': 1.5, 'train/step': {i}}}\n"
                )
        );

    private static string MetricLines() =>
        Lines(
            3,
            i =>
                $$"""{"step": {{i}}, "time": 1760000000.5, "reward/mean": 0.{{i}}, "loss/mean": 0.01, "optim/lr": 1e-6, "mismatch_kl/mean": 0.0003}"""
        );

    private static string WandbHistory() =>
        "_step,train/global_step,train/reward,train/completions/mean_length,train/loss,_timestamp\n"
        + string.Concat(
            Enumerable.Range(1, 3).Select(i => $"{10 * i},{i},0.{i},\"20.5\",{(i == 2 ? "" : "-0.01")},1760000000\n")
        );

    private static string WandbChart() =>
        "\"Step\",\"first - run - train/loss\",\"first - run - train/loss__MIN\",\"first - run - train/loss__MAX\",\"second - train/loss\",\"second - train/loss__MIN\",\"second - train/loss__MAX\"\n"
        + "1,0.5,0.5,0.5,0.6,0.6,0.6\n2,0.4,0.4,0.4,0.5,0.5,0.5\n";

    public static string Unipo() =>
        """{"header": {"task": "sums", "algorithm": "ppo", "totalSteps": 2, "model_name": "m", "hparams": {"clip_eps": 0.2}}, "entries": [{"step": 0, "metrics": {"reward": 0.1}}, {"step": 1, "metrics": {"reward": 0.2}}]}""";

    private static byte[] TensorBoard()
    {
        var file = new MemoryStream();
        Record(file, [.. Field(1, 1, BitConverter.GetBytes(1.5)), .. Field(3, 2, Encoding.UTF8.GetBytes("brain.Event:2"))]);
        for (var step = 1; step <= 3; step++)
            foreach (
                var (tag, value) in new[]
                {
                    ("train/reward", 0.1f * step),
                    ("train/completions/mean_length", 30f),
                    ("train/loss", -0.01f),
                }
            )
            {
                byte[] entry = [.. Field(1, 2, Encoding.UTF8.GetBytes(tag)), .. Field(2, 5, BitConverter.GetBytes(value))];
                Record(file, [.. Field(1, 1, BitConverter.GetBytes(2.5)), 0x10, (byte)step, .. Field(5, 2, Field(1, 2, entry))]);
            }
        return file.ToArray();
    }

    private static byte[] Field(int number, int kind, byte[] content) =>
        kind == 2 ? [(byte)((number << 3) | 2), (byte)content.Length, .. content] : [(byte)((number << 3) | kind), .. content];

    private static void Record(MemoryStream file, byte[] data)
    {
        var head = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), TensorBoardEvents.Masked(head.AsSpan(0, 8)));
        file.Write(head);
        file.Write(data);
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, TensorBoardEvents.Masked(data));
        file.Write(sum);
    }

    private sealed record Completion(
        long step,
        string prompt,
        string completion,
        double? exact,
        double? format,
        double advantage
    );

    private static byte[] Completions()
    {
        var file = new MemoryStream();
        var rows = Enumerable
            .Range(0, 8)
            .Select(i => new Completion(
                10,
                $"user\nWhat is {i / 4}?\nassistant\n",
                $"it is {i}",
                i % 2,
                i == 3 ? null : 0.5,
                i % 2 == 0 ? -0.5 : 0.5
            ));
        ParquetSerializer.SerializeAsync(rows, file).GetAwaiter().GetResult();
        return file.ToArray();
    }

    private static string Lines(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(1, count).Select(i => line(i) + "\n"));
}
