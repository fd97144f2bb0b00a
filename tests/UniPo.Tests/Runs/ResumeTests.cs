using System.Text.RegularExpressions;

namespace UniPo.Tests;

public sealed class ResumeTests : IDisposable
{
    private static readonly LetterTask Task = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Trainer NewTrainer(
        ulong seed = 7,
        Objective? objective = null,
        BigramPolicy? policy = null,
        TrainerOptions? options = null
    ) =>
        new(
            policy ?? new BigramPolicy(Task.Vocabulary, 3),
            Task,
            objective ?? Algorithms.Grpo,
            (options ?? new TrainerOptions { Passes = 2, LearningRate = 0.05 }) with
            {
                Seed = seed,
                Prompts = 3,
                Group = 4,
            }
        );

    private string Text(string name) => Regex.Replace(File.ReadAllText(_folder[name]), "\"seconds\":[0-9.E-]+", "\"seconds\":0");

    /// <summary>The files as they were on disk when a run was killed after some step.</summary>
    private void RunAndKeepFilesOf(int killedAfter, string name, int steps, Objective? objective = null)
    {
        var log = _folder[name];
        NewTrainer(objective: objective)
            .Record(
                steps,
                _folder["whole.jsonl"],
                new Watcher(step =>
                {
                    if (step.Step != killedAfter)
                        return;
                    File.Copy(_folder["whole.jsonl"], log);
                    File.Copy(RecordedTraining.CheckpointPath(_folder["whole.jsonl"]), RecordedTraining.CheckpointPath(log));
                }),
                checkpointEvery: 10
            );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(38)]
    [InlineData(39)]
    public void A_resumed_run_ends_with_the_bytes_of_an_uninterrupted_one(int killedAfter)
    {
        RunAndKeepFilesOf(killedAfter, "killed.jsonl", steps: 40);
        var policy = new BigramPolicy(Task.Vocabulary, 3);
        var run = NewTrainer(policy: policy).Record(40, _folder["killed.jsonl"], checkpointEvery: 10, resume: true);
        Assert.Equal(Text("whole.jsonl"), Text("killed.jsonl"));
        Assert.Equal(Enumerable.Range(0, 40), run.Steps.Select(s => s.Step));
        Assert.Equal(
            File.ReadAllBytes(RecordedTraining.CheckpointPath(_folder["whole.jsonl"])).Length,
            File.ReadAllBytes(RecordedTraining.CheckpointPath(_folder["killed.jsonl"])).Length
        );
        var whole = SafetensorsFile.Load(RecordedTraining.CheckpointPath(_folder["whole.jsonl"]));
        Assert.Equal(whole["table.weight"].ToArray(), policy.Parameters.Values);
    }

    [Fact]
    public void What_an_objective_adapted_goes_on_as_well()
    {
        var running = new PolicyObjective
        {
            Name = "REINFORCE with a running mean",
            Advantage = new RunningMean(),
            Ratio = Ratio.Token,
            Kl = Kl.InLoss(0.1) with
            {
                Adaptive = new AdaptiveCoefficient { Target = 0.001, Horizon = 100 },
            },
        };
        RunAndKeepFilesOf(25, "killed.jsonl", 40, running);
        NewTrainer(objective: running).Record(40, _folder["killed.jsonl"], checkpointEvery: 10, resume: true);
        Assert.Equal(Text("whole.jsonl"), Text("killed.jsonl"));
    }

    [Fact]
    public void A_log_torn_by_the_kill_is_cut_back_to_the_checkpoint()
    {
        RunAndKeepFilesOf(25, "killed.jsonl", 40);
        var bytes = File.ReadAllBytes(_folder["killed.jsonl"]);
        File.WriteAllBytes(_folder["killed.jsonl"], bytes[..^37]);
        NewTrainer().Record(40, _folder["killed.jsonl"], checkpointEvery: 10, resume: true);
        Assert.Equal(Text("whole.jsonl"), Text("killed.jsonl"));
    }

    [Fact]
    public void A_cancelled_run_goes_on_where_it_was_cancelled()
    {
        using var source = new CancellationTokenSource();
        NewTrainer().Record(40, _folder["whole.jsonl"]);
        var stopped = NewTrainer()
            .Record(
                40,
                _folder["cut.jsonl"],
                new Watcher(s =>
                {
                    if (s.Step == 13)
                        source.Cancel();
                }),
                checkpointEvery: 100,
                cancellation: source.Token
            );
        Assert.Equal("Cancelled after 14 of 40 steps.", stopped.Stopped);
        Assert.Equal(14, RunLog.Read(_folder["cut.jsonl"]).Steps.Count);
        NewTrainer().Record(40, _folder["cut.jsonl"], checkpointEvery: 100, resume: true);
        Assert.Equal(Text("whole.jsonl"), Text("cut.jsonl"));
    }

    [Fact]
    public void Nothing_to_resume_means_to_begin_but_never_over_a_log_with_steps()
    {
        NewTrainer().Record(4, _folder["new.jsonl"], checkpointEvery: 2, resume: true);
        Assert.Equal(4, RunLog.Read(_folder["new.jsonl"]).Steps.Count);
        File.Delete(RecordedTraining.CheckpointPath(_folder["new.jsonl"]));
        Assert.Contains(
            "exists already",
            Assert
                .Throws<IOException>(() => NewTrainer().Record(4, _folder["new.jsonl"], checkpointEvery: 2, resume: true))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_the_difference()
    {
        NewTrainer().Record(4, _folder["run.jsonl"], checkpointEvery: 2);
        var before = File.ReadAllBytes(_folder["run.jsonl"]);
        string Refused(Trainer trainer) =>
            Assert
                .Throws<InvalidDataException>(() => trainer.Record(8, _folder["run.jsonl"], checkpointEvery: 2, resume: true))
                .Message;
        Assert.Contains("its seed is 7, but 8 was asked for", Refused(NewTrainer(seed: 8)), StringComparison.Ordinal);
        Assert.Contains(
            "its algorithm is GRPO, but REINFORCE was asked for",
            Refused(NewTrainer(objective: Algorithms.Reinforce, options: new() { Passes = 2, LearningRate = 0.05 })),
            StringComparison.Ordinal
        );
        Assert.Matches(
            "its objective is .*0\\.2.*, but .*0\\.1.* was asked for",
            Refused(NewTrainer(objective: Algorithms.Grpo with { Clip = Clip.Symmetric(0.1) }))
        );
        Assert.Contains(
            "its learning rate is 0.05, but 0.1 was asked for",
            Refused(NewTrainer(options: new() { Passes = 2, LearningRate = 0.1 })),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "its base model is",
            Refused(NewTrainer(policy: new BigramPolicy(Task.Vocabulary, 4))),
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(_folder["run.jsonl"]));
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_the_log_left_alone()
    {
        NewTrainer().Record(4, _folder["run.jsonl"], checkpointEvery: 2);
        var before = File.ReadAllBytes(_folder["run.jsonl"]);
        var checkpoint = RecordedTraining.CheckpointPath(_folder["run.jsonl"]);
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..200]);
        Assert.Contains(
            "run.checkpoint.safetensors",
            Assert.Throws<InvalidDataException>(() => NewTrainer().Record(8, _folder["run.jsonl"], resume: true)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(_folder["run.jsonl"]));
    }

    [Fact]
    public void A_learning_rate_that_breaks_the_run_names_the_last_good_checkpoint()
    {
        var error = Assert.Throws<TrainingStoppedException>(() =>
            NewTrainer(options: new() { LearningRate = 1e38, WarmupSteps = 0 })
                .Record(60, _folder["run.jsonl"], measureHeldOut: false, checkpointEvery: 1)
        );
        Assert.Matches("The last good checkpoint is '.*run.checkpoint.safetensors', after step \\d+\\.$", error.Message);
        Assert.Equal(error.Message, RunLog.Read(_folder["run.jsonl"]).Stopped);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder["file"], "");
        var error = Assert.ThrowsAny<IOException>(() =>
            NewTrainer().Record(4, Path.Combine(_folder["file"], "run.jsonl"), measureHeldOut: false)
        );
        Assert.Contains("file", error.Message, StringComparison.Ordinal);
    }

    private sealed class Watcher(Action<TrainingStep> see) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => see(value);
    }
}
