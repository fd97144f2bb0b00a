using System.Text;

namespace UniPo.Tests;

/// <summary>A log belongs to its checkpoint and to one writer at a time; nothing is cut before that is known.</summary>
public sealed class LogAndCheckpointTests : IDisposable
{
    private static readonly LetterTask Task = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Log => _folder["run.jsonl"];

    private static Trainer NewTrainer(
        ulong seed = 7,
        Objective? objective = null,
        ITask? task = null,
        TrainerOptions? options = null
    ) =>
        new(
            new BigramPolicy(Task.Vocabulary, 3),
            task ?? Task,
            objective ?? Algorithms.Grpo,
            (options ?? new TrainerOptions { Passes = 2, LearningRate = 0.05 }) with
            {
                Seed = seed,
                Prompts = 3,
                Group = 4,
            }
        );

    private void RecordFirstHalf(Objective? objective = null, TrainerOptions? options = null) =>
        NewTrainer(objective: objective, options: options).Record(8, Log, checkpointEvery: 4);

    /// <summary>Resuming is refused, and neither log nor checkpoint is touched.</summary>
    private string Refused(Trainer? trainer = null)
    {
        var checkpoint = RecordedTraining.CheckpointPath(Log);
        var (log, state) = (File.ReadAllBytes(Log), File.ReadAllBytes(checkpoint));
        var error = Assert.Throws<InvalidDataException>(() =>
            (trainer ?? NewTrainer()).Record(16, Log, checkpointEvery: 4, resume: true)
        );
        Assert.Equal(log, File.ReadAllBytes(Log));
        Assert.Equal(state, File.ReadAllBytes(checkpoint));
        return error.Message;
    }

    [Fact]
    public void The_log_of_another_seed_is_not_cut()
    {
        NewTrainer(seed: 8).Record(20, _folder["other.jsonl"]);
        RecordFirstHalf();
        File.Copy(_folder["other.jsonl"], Log, overwrite: true);
        Assert.Matches("The log '.*run.jsonl' does not belong to the checkpoint '.*': .* Nothing was changed.$", Refused());
    }

    [Fact]
    public void A_log_of_another_seed_whose_line_ends_where_the_checkpoint_was_taken_is_not_cut_either()
    {
        RecordFirstHalf();
        var text = File.ReadAllText(Log).Replace("\"seed\":\"7\"", "\"seed\":\"8\"", StringComparison.Ordinal);
        var identity = RunLog.Read(Log).Header.Identity!;
        File.WriteAllText(Log, text.Replace(identity, new string('0', identity.Length), StringComparison.Ordinal));
        Assert.Contains(
            "its header names the run 0000000000000000 with seed 8, but the checkpoint belongs to the run",
            Refused(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a letter\n")]
    [InlineData("{\"algorithm\":\"GRPO\"}\n")]
    [InlineData("")]
    public void Any_other_file_in_place_of_the_log_is_not_cut(string line)
    {
        RecordFirstHalf();
        File.WriteAllText(Log, string.Concat(Enumerable.Repeat(line.PadLeft(1000, ' '), 200)));
        Assert.Contains("run.jsonl", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_lacks_a_step_which_the_checkpoint_stands_behind_is_not_cut()
    {
        RecordFirstHalf();
        var lines = File.ReadAllLines(Log).ToList();
        var pad = Encoding.UTF8.GetByteCount(lines[2]);
        lines[2] = "{\"type\":\"note\"}".PadRight(pad); // as long as the step, so that the lines behind it stay where they are
        File.WriteAllText(Log, string.Join('\n', lines) + "\n");
        Assert.Contains("stands behind 8 steps, but up to there the log holds 7", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_is_not_the_end_of_a_line_is_not_cut_at()
    {
        RecordFirstHalf();
        var checkpoint = SafetensorsFile.Load(RecordedTraining.CheckpointPath(Log));
        checkpoint.Metadata["log_length"] = "1000";
        checkpoint.Save(RecordedTraining.CheckpointPath(Log));
        Assert.Contains(
            "byte 1000, where the checkpoint was taken, is not the end of a line",
            Refused(),
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string, Objective> OtherObjectives =>
        new()
        {
            { "Aggregation = SequenceMean", Algorithms.Grpo with { Aggregation = Aggregation.TokenMean } },
            { "Ratio = TokenRatio", Algorithms.Grpo with { Ratio = Ratio.SequenceMean } },
            { "Filters.DropTruncated = False", Algorithms.Grpo with { Filters = new() { DropTruncated = true } } },
            { "Kl.Coefficient = 0.04", Algorithms.Grpo with { Kl = Kl.InLoss(0.05) } },
            { "Sampling.RefillSilentGroups = False", Algorithms.Grpo with { Sampling = new() { RefillSilentGroups = true } } },
            { "Advantage = GroupMeanStd", Algorithms.Grpo with { Advantage = new GroupMean() } },
            { "Entropy = none", Algorithms.Grpo with { Entropy = new EntropyBonus { Coefficient = 0.01 } } },
        };

    [Theory, MemberData(nameof(OtherObjectives), DisableDiscoveryEnumeration = true)]
    public void Another_objective_under_the_same_name_is_refused_with_the_difference(string stored, Objective objective)
    {
        RecordFirstHalf();
        Assert.Contains(
            $"its objective is written with {stored}",
            Refused(NewTrainer(objective: objective)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_number_of_a_step_rule_counts_also_those_its_sentence_leaves_out()
    {
        static Objective Trpo(double damping) => Algorithms.Grpo with { Step = new TrustRegionStep { Damping = damping } };
        var settings = WrittenForm.Of(Trpo(0.2)).Except(WrittenForm.Of(Trpo(0.1)));
        Assert.Equal([("Step.Damping", "0.2")], settings);
    }

    [Fact]
    public void Another_task_under_the_same_name_is_refused_with_the_difference()
    {
        RecordFirstHalf();
        Assert.Contains(
            "its task's length limit is 3, but 4 was asked for",
            Refused(NewTrainer(task: new LetterTask { MaxTokens = 4 })),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "its task's training prompts is 5 with the digest",
            Refused(NewTrainer(task: new LetterTask { TrainingPrompts = [new("0", "a"), new("1", "b")] })),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(nameof(TrainerOptions.Temperature), 0.5)]
    [InlineData(nameof(TrainerOptions.WeightDecay), 0.1)]
    [InlineData(nameof(TrainerOptions.CriticLearningRate), 0.5)]
    [InlineData(nameof(TrainerOptions.CriticPasses), 7)]
    [InlineData(nameof(TrainerOptions.MicroBatch), 2)]
    [InlineData(nameof(TrainerOptions.TokensEvery), 2)]
    [InlineData(nameof(TrainerOptions.EvaluateEvery), 3)]
    [InlineData(nameof(TrainerOptions.TrackKl), false)]
    [InlineData(nameof(TrainerOptions.Decay), Decay.Cosine)]
    public void Another_setting_is_refused_by_its_name(string option, object value)
    {
        RecordFirstHalf();
        var options = new TrainerOptions { Passes = 2, LearningRate = 0.05 };
        typeof(TrainerOptions).GetProperty(option)!.SetValue(options, value);
        var words = string.Concat(
            option.Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : $"{c}")
        );
        Assert.Contains($"its {words} is ", Refused(NewTrainer(options: options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_is_compared_but_those_that_change_no_step()
    {
        var compared = NewTrainer().Settings.All.Select(s => s.Name.Replace(" ", "", StringComparison.Ordinal)).ToList();
        var options = typeof(TrainerOptions).GetProperties().Where(p => p.CanWrite).Select(p => p.Name.ToLowerInvariant());
        Assert.Equal(["minibatches", "model", "plannedsteps", "threads"], options.Except(compared).Order());
        Assert.Contains("mini-batches", compared);
        Assert.NotEqual(NewTrainer().Settings.Identity, NewTrainer(seed: 8).Settings.Identity);
        Assert.Equal(NewTrainer().Settings.Identity, NewTrainer().Settings.Identity);
    }

    [Fact]
    public void A_second_writer_is_refused_and_the_first_goes_on()
    {
        var refused = 0;
        NewTrainer()
            .Record(
                4,
                Log,
                new Watcher(_ =>
                {
                    var error = Assert.Throws<IOException>(() => NewTrainer().Record(4, Log, overwrite: true));
                    Assert.Contains("is being written by another run", error.Message, StringComparison.Ordinal);
                    Assert.Throws<IOException>(() => NewTrainer().Record(4, Log, resume: true));
                    refused++;
                }),
                checkpointEvery: 2
            );
        Assert.Equal(4, refused);
        Assert.Equal(4, RunLog.Read(Log).Steps.Count);
        NewTrainer().Record(4, Log, overwrite: true);
        Assert.False(File.Exists(LogLock.PathOf(Log)));
    }

    [Fact]
    public void A_writer_in_another_process_is_respected_until_it_is_killed()
    {
        using var other = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(
                "dotnet",
                [Repository.Path("tests", "UniPo.Probe", "bin", "Release", "net10.0", "UniPo.Probe.dll"), "hold", Log]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Contains(
            "is being written by another run",
            Assert.Throws<IOException>(() => NewTrainer().Record(4, Log, overwrite: true)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(RunLog.Read(Log).Steps);
        other.Kill();
        other.WaitForExit();
        NewTrainer().Record(4, Log, overwrite: true);
        Assert.Equal(4, RunLog.Read(Log).Steps.Count);
    }

    [Fact]
    public void The_lock_file_that_a_killed_run_left_stops_nobody()
    {
        File.WriteAllText(LogLock.PathOf(Log), "");
        NewTrainer().Record(4, Log);
        Assert.False(File.Exists(LogLock.PathOf(Log)));
    }

    [Fact]
    public void A_log_reached_by_another_name_has_the_same_lock()
    {
        Directory.CreateDirectory(_folder["inner"]);
        Assert.Equal(LogLock.PathOf(Log), LogLock.PathOf(Path.Combine(_folder["inner"], "..", "run.jsonl")));
    }

    [Fact]
    public void Names_with_dots_have_checkpoints_of_their_own()
    {
        Assert.Equal("grpo-0.1.checkpoint.safetensors", RecordedTraining.CheckpointPath("grpo-0.1"));
        Assert.Equal("grpo-0.2.checkpoint.safetensors", RecordedTraining.CheckpointPath("grpo-0.2"));
        Assert.Equal("grpo-0.1.checkpoint.safetensors", RecordedTraining.CheckpointPath("grpo-0.1.jsonl"));
    }

    [Fact]
    public void The_checkpoint_of_a_log_that_was_moved_away_is_not_replaced_unasked()
    {
        RecordFirstHalf();
        File.Move(Log, _folder["kept.jsonl"]);
        var checkpoint = File.ReadAllBytes(RecordedTraining.CheckpointPath(Log));
        Assert.Contains(
            "of an earlier run exists already",
            Assert.Throws<IOException>(() => NewTrainer(seed: 9).Record(4, Log)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(checkpoint, File.ReadAllBytes(RecordedTraining.CheckpointPath(Log)));
    }

    [Fact]
    public void A_run_that_begins_anew_leaves_no_checkpoint_of_the_old_one()
    {
        RecordFirstHalf();
        NewTrainer(seed: 8).Record(4, Log, overwrite: true);
        Assert.False(File.Exists(RecordedTraining.CheckpointPath(Log)));
        Assert.Equal(8UL, RunLog.Read(Log).Header.Seed);
    }

    [Fact]
    public void A_model_that_has_the_name_of_the_checkpoint_stays_where_no_checkpoint_is_asked_for()
    {
        var model = new SafetensorsFile();
        model.Add("mine", [1], [1f]);
        model.Save(RecordedTraining.CheckpointPath(Log));
        NewTrainer().Record(4, Log, overwrite: true);
        Assert.True(SafetensorsFile.Load(RecordedTraining.CheckpointPath(Log)).Contains("mine"));
    }

    [Fact]
    public void What_a_killed_run_left_beside_its_checkpoint_is_removed()
    {
        RecordFirstHalf();
        var leftover = FilePlace.Beside(RecordedTraining.CheckpointPath(Log));
        File.WriteAllBytes(leftover, new byte[1000]);
        NewTrainer().Record(8, Log, checkpointEvery: 0, resume: true);
        Assert.False(File.Exists(leftover));
    }

    [Fact]
    public void A_resumed_run_with_more_steps_says_so_in_its_log()
    {
        RecordFirstHalf();
        var run = NewTrainer().Record(12, Log, checkpointEvery: 4, resume: true);
        var read = RunLog.Read(Log);
        Assert.Equal((12, 12), (run.Header.Steps, read.Header.Steps));
        Assert.Equal(Enumerable.Range(0, 12), read.Steps.Select(s => s.Step));
        Assert.Null(read.Stopped);
        Assert.Single(File.ReadLines(Log), line => line.Contains("\"type\":\"extended\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_number_in_a_checkpoint_is_refused_and_named()
    {
        RecordFirstHalf();
        var path = RecordedTraining.CheckpointPath(Log);
        var bytes = File.ReadAllBytes(path);
        var file = SafetensorsFile.Load(path);
        foreach (
            var (tensor, value, message) in new[]
            {
                ("table.weight", float.NaN, "'table.weight'"),
                ("optimizer.mean", float.PositiveInfinity, "the tensor 'optimizer.mean' holds"),
                ("optimizer.square", -1f, "Second moments must be finite and at least 0, but one was -1"),
            }
        )
        {
            var copy = new SafetensorsFile();
            foreach (var (key, text) in file.Metadata)
                copy.Metadata[key] = text;
            foreach (var name in file.Names)
            {
                float[] values = [.. file[name]];
                if (name == tensor)
                    values[5] = value;
                copy.Add(name, file.ShapeOf(name), values);
            }
            copy.Save(path);
            Assert.Contains(message, Refused(), StringComparison.Ordinal);
            File.WriteAllBytes(path, bytes);
        }
    }

    private sealed class Watcher(Action<TrainingStep> see) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => see(value);
    }
}
