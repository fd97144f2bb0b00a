using System.Text.RegularExpressions;

namespace UniPo.Tests;

public sealed class RunLogTests : IDisposable
{
    private static readonly LetterTask Task = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Trainer NewTrainer(ulong seed = 7, ITask? task = null, Objective? objective = null) =>
        new(
            new BigramPolicy(Task.Vocabulary, 3),
            task ?? Task,
            objective ?? Algorithms.Grpo,
            new TrainerOptions
            {
                Seed = seed,
                Prompts = 3,
                Group = 4,
                Passes = 2,
                LearningRate = 0.05,
            }
        );

    private static readonly TrainingRun Run = NewTrainer().Train(5);

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        RunLog.Write(_folder["run.jsonl"], Run, promptsPerStep: int.MaxValue);
        var read = RunLog.Read(_folder["run.jsonl"]);
        Assert.Equal((Run.Before, Run.After, Run.Stopped), (read.Before, read.After, read.Stopped));
        Assert.Equivalent(Run.Header, read.Header);
        Assert.Equal(Run.Steps.Count, read.Steps.Count);
        foreach (var (a, b) in Run.Steps.Zip(read.Steps))
        {
            Assert.Equal(
                (a.Step, a.Rollout, a.Pass, a.FirstAfterRollout, a.Duration),
                (b.Step, b.Rollout, b.Pass, b.FirstAfterRollout, b.Duration)
            );
            Assert.Equal(a.Metrics, b.Metrics);
            Same(a.Report!, b.Report!);
        }
    }

    private static void Same(TokenReport a, TokenReport b)
    {
        Assert.Equal(a.Summary, b.Summary);
        Assert.Equal(a.Clipped, b.Clipped);
        Assert.Equal(
            a.Batch.Responses.Select(r => (r.Text, r.Reward, r.Truncated)),
            b.Batch.Responses.Select(r => (r.Text, r.Reward, r.Truncated))
        );
        Assert.Equal(a.Batch.Responses.SelectMany(r => r.Tokens!), b.Batch.Responses.SelectMany(r => r.Tokens!));
        Assert.Equal(a.Batch.Groups.Select(g => g.Prompt), b.Batch.Groups.Select(g => g.Prompt));
        foreach (
            var column in new Func<TokenReport, TokenColumn?>[]
            {
                r => r.Weight,
                r => r.Advantage,
                r => r.Ratio,
                r => r.Kl,
                r => r.TokenObjective,
                r => r.AggregationWeight,
                r => r.Batch.LogProbs,
                r => r.Batch.OldLogProbs,
                r => r.Batch.ReferenceLogProbs,
                r => r.Batch.Entropies,
            }
        )
            Assert.Equal(column(a)?.Values.ToArray(), column(b)?.Values.ToArray());
    }

    [Fact]
    public void The_same_seed_writes_the_same_bytes_apart_from_times()
    {
        string Text(string name, ulong seed)
        {
            NewTrainer(seed).Record(6, _folder[name]);
            return Regex.Replace(File.ReadAllText(_folder[name]), "\"seconds\":[0-9.E-]+", "\"seconds\":0");
        }
        Assert.Equal(Text("a", 7), Text("b", 7));
        Assert.NotEqual(Text("c", 7), Text("d", 8));
    }

    [Fact]
    public void A_recorded_run_is_the_run_that_training_gives_without_a_log()
    {
        var recorded = NewTrainer().Record(5, _folder["run.jsonl"]);
        Assert.Equal(Run.Steps.Select(s => s.Metrics), recorded.Steps.Select(s => s.Metrics));
        Assert.Equal((Run.Before, Run.After), (recorded.Before, recorded.After));
        Assert.Equal(recorded.After, RunLog.Read(_folder["run.jsonl"]).After);
    }

    [Fact]
    public void Every_step_is_on_disk_before_the_next_begins()
    {
        var seen = new List<int>();
        NewTrainer().Record(4, _folder["run.jsonl"], new Watcher(_ => seen.Add(RunLog.Read(_folder["run.jsonl"]).Steps.Count)));
        Assert.Equal([1, 2, 3, 4], seen);
    }

    [Fact]
    public void A_line_torn_at_any_byte_loses_that_step_alone()
    {
        RunLog.Write(_folder["run.jsonl"], Run);
        var bytes = File.ReadAllBytes(_folder["run.jsonl"]);
        var ends = Enumerable.Range(0, bytes.Length).Where(i => bytes[i] == '\n').ToArray();
        for (var cut = ends[0] + 1; cut < bytes.Length; cut += 97)
        {
            File.WriteAllBytes(_folder["torn.jsonl"], bytes[..cut]);
            var whole = ends.Count(e => e <= cut); // a line that lacks nothing but its line break is whole
            Assert.InRange(RunLog.Read(_folder["torn.jsonl"]).Steps.Count, Math.Min(5, whole - 1), Math.Min(5, whole));
            Assert.Equal(
                cut < ends[^1],
                RunLog.Read(_folder["torn.jsonl"]).Stopped?.Contains("no closing line", StringComparison.Ordinal) == true
            );
        }
    }

    [Fact]
    public void A_reward_that_is_not_a_number_leaves_a_readable_log_that_says_why()
    {
        var calls = 0;
        var task = new LetterTask { Score = (_, _) => ++calls > 30 ? double.NaN : 1 };
        var error = Assert.Throws<TrainingStoppedException>(() =>
            NewTrainer(task: task).Record(20, _folder["run.jsonl"], measureHeldOut: false)
        );
        var read = RunLog.Read(_folder["run.jsonl"]);
        Assert.Equal(error.Message, read.Stopped);
        Assert.Equal(error.Run!.Steps.Count, read.Steps.Count);
        Assert.Equal(4, read.Steps.Count);
    }

    [Theory]
    [InlineData("GRPO", "grpo")]
    [InlineData("Dr. GRPO", "drgrpo")]
    [InlineData("DAPO", "dapo")]
    [InlineData("REINFORCE++", "reinforce-plus-plus")]
    [InlineData("GRAPE (our interpretation)", "grape-our-interpretation")]
    public void The_algorithm_builds_to_a_key_that_unipo_knows(string name, string key) =>
        Assert.Equal(key, RunLogFormat.Key(name));

    [Fact]
    public void An_existing_log_is_not_overwritten_unless_asked_for()
    {
        File.WriteAllText(_folder["run.jsonl"], "precious");
        var error = Assert.Throws<IOException>(() => NewTrainer().Record(1, _folder["run.jsonl"]));
        Assert.Contains("exists already", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["run.jsonl"]));
    }

    [Theory]
    [InlineData("", "it has no header line")]
    [InlineData("not json\n{}", "Line 1 of the run log")]
    [InlineData("{\"task\":\"x\"}", "the first line must be a header with the field 'algorithm'")]
    [InlineData("{\"algorithm\":\"grpo\"}\nnonsense\n{\"step\":1}", "Line 2 of the run log")]
    [InlineData("{\"algorithm\":\"grpo\"}\n{\"step\":\"one\"}", "the field 'step' must be a number, but was \"one\"")]
    public void A_malformed_log_is_refused_with_line_and_fault(string text, string message)
    {
        File.WriteAllText(_folder["bad.jsonl"], text);
        Assert.Contains(
            message,
            Assert.Throws<InvalidDataException>(() => RunLog.Read(_folder["bad.jsonl"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_log_is_named() =>
        Assert.Contains(
            "nowhere.jsonl",
            Assert.Throws<FileNotFoundException>(() => RunLog.Read(_folder["nowhere.jsonl"])).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_metrics_log_of_unipo_is_read_without_token_reports()
    {
        File.WriteAllText(
            _folder["foreign.jsonl"],
            """
            {"algorithm":"PPO","hparams":{"clip_eps":[0.2,0.28],"note":null}}
            {"step":5,"metrics":{"policy_loss":0.5,"reward":1},"is_first_step_after_rollout_phase":true}
            {"note":"an entry without a step is skipped"}
            {"step":6,"metrics":{"reward":2}}
            """
        );
        var run = RunLog.Read(_folder["foreign.jsonl"]);
        Assert.Equal("PPO", run.Header.Algorithm);
        Assert.Equal([0.2, 0.28], Assert.IsType<double[]>(run.Header.Hyperparameters["clip_eps"]));
        Assert.Equal([5, 6], run.Steps.Select(s => s.Step));
        Assert.Equal([1, 2], run.Curve("reward"));
        Assert.All(run.Steps, s => Assert.Null(s.Report));
    }

    private sealed class Watcher(Action<TrainingStep> see) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => see(value);
    }
}
