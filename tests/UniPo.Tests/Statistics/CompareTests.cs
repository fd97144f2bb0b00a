using System.Text.Json;

namespace UniPo.Tests;

public sealed class CompareTests : IDisposable
{
    private static readonly LetterTask Task = new();
    private static readonly BigramPolicy Policy = new(Task.Vocabulary, seed: 3, spread: 0.5);
    private static readonly ComparisonPlan Plan = new()
    {
        Seeds = 3,
        Steps = 8,
        Options = new()
        {
            Prompts = 3,
            Group = 4,
            LearningRate = 0.05,
        },
    };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_objective_is_trained_with_every_seed_from_the_same_base()
    {
        float[] before = [.. Policy.Parameters.Values];
        var comparison = Compare.Train(Policy, Task, [Algorithms.Grpo, Algorithms.Reinforce], Plan);
        Assert.Equal(before, Policy.Parameters.Values);
        Assert.Equal(6, comparison.Runs.Count);
        Assert.Empty(comparison.Failed);
        Assert.Equal(["GRPO", "REINFORCE"], comparison.Summaries.Select(s => s.Algorithm));
        Assert.All(comparison.Summaries, s => Assert.Equal([1UL, 2UL, 3UL], s.Seeds));
        Assert.Single(comparison.Runs.Select(r => r.Before).Distinct(), r => true == (r is not null));
    }

    [Fact]
    public void Results_do_not_depend_on_how_many_runs_go_on_at_once()
    {
        double[] Afters(int parallel) =>
            [
                .. Compare
                    .Train(Policy, Task, [Algorithms.Grpo, Algorithms.Reinforce], Plan with { Parallel = parallel })
                    .Runs.Select(r => r.After!.ExactProbability!.Value),
            ];
        Assert.Equal(Afters(1), Afters(4));
    }

    [Fact]
    public void A_run_that_fails_is_reported_and_the_others_finish()
    {
        var spoiled = new PolicyObjective { Name = "needs values", Advantage = new Gae() };
        var heard = new List<ComparisonProgress>();
        var comparison = Compare.Train(Policy, Task, [Algorithms.Grpo, spoiled], Plan, new Listener(heard.Add));
        Assert.Equal(3, comparison.Runs.Count);
        Assert.Equal(3, comparison.Failed.Count);
        Assert.All(comparison.Failed, f => Assert.Contains("GAE needs OldValues", f.Reason, StringComparison.Ordinal));
        Assert.Equal(["GRPO"], comparison.Summaries.Select(s => s.Algorithm));
        Assert.Equal(6, heard.Max(p => p.Finished));
        Assert.Equal(3, heard.Count(p => p.Failure is not null));
    }

    [Fact]
    public void Finished_runs_are_taken_from_the_folder_and_unfinished_ones_trained_anew()
    {
        var plan = Plan with { Folder = _folder["runs"] };
        var first = Compare.Train(Policy, Task, [Algorithms.Grpo], plan);
        var torn = Path.Combine(_folder["runs"], "grpo-2.jsonl");
        File.WriteAllLines(torn, File.ReadLines(torn).Take(4).ToList());
        var stamp = File.GetLastWriteTimeUtc(Path.Combine(_folder["runs"], "grpo-1.jsonl"));
        var again = new List<ComparisonProgress>();
        var second = Compare.Train(Policy, Task, [Algorithms.Grpo], plan, new Listener(again.Add));
        Assert.Equal(first.Runs.Select(r => r.After), second.Runs.Select(r => r.After));
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(Path.Combine(_folder["runs"], "grpo-1.jsonl")));
        Assert.Equal([2UL], again.Where(p => p.Run is null && p.StepsDone < 8).Select(p => p.Seed).Distinct());
    }

    [Fact]
    public void A_folder_with_other_or_damaged_runs_is_refused_and_left_alone()
    {
        var plan = Plan with { Folder = _folder["runs"], Seeds = 1 };
        Compare.Train(Policy, Task, [Algorithms.Grpo], plan);
        var log = Path.Combine(_folder["runs"], "grpo-1.jsonl");
        string Refused(ComparisonPlan other)
        {
            var bytes = File.ReadAllBytes(log);
            var message = Assert
                .Throws<InvalidDataException>(() => Compare.Train(Policy, Task, [Algorithms.Grpo], other))
                .Message;
            Assert.Equal(bytes, File.ReadAllBytes(log));
            return message;
        }
        Assert.Contains(
            "grpo-1.jsonl' holds a run with other settings",
            Refused(plan with { Options = plan.Options! with { LearningRate = 0.01 } }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "grpo-1.jsonl' holds a run with other settings",
            Refused(plan with { Steps = 9 }),
            StringComparison.Ordinal
        );
        File.WriteAllText(log, "something else\n");
        Assert.Contains("no JSON", Refused(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_row_for_every_algorithm_and_a_line_for_every_failure()
    {
        var spoiled = new PolicyObjective { Name = "needs values", Advantage = new Gae() };
        var text = Compare.Train(Policy, Task, [Algorithms.Grpo, Algorithms.Reinforce, spoiled], Plan).ToString();
        Assert.Matches("GRPO +0\\.\\d{3} +0\\.\\d{3} ±0\\.\\d{3} +[+-]0\\.\\d{3} ±0\\.\\d{3} +0\\.\\d{3}–0\\.\\d{3}", text);
        Assert.Contains("REINFORCE", text, StringComparison.Ordinal);
        Assert.Contains("failed: needs values, seed 2: GAE needs OldValues", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Summaries_agree_with_the_runs()
    {
        var comparison = Compare.Train(Policy, Task, [Algorithms.Grpo, Algorithms.Reinforce], Plan);
        var (grpo, reinforce) = (comparison.Summaries[0], comparison.Summaries[1]);
        double[] After(string name) => [.. comparison.RunsOf(name).Select(r => r.After!.ExactProbability!.Value)];
        Assert.Equal(After("GRPO").Average(), grpo.After.Estimate.Mean, 12);
        Assert.Equal(
            Estimate.OfDifference(After("REINFORCE"), After("GRPO")).StandardError,
            reinforce.Against!.Estimate.StandardError,
            12
        );
        Assert.Null(grpo.Against);
        Assert.InRange(grpo.After.Estimate.Mean, grpo.After.Bootstrap.Low, grpo.After.Bootstrap.High);
        Assert.Equal(8, comparison.Curve("GRPO", "reward").Count);
        Assert.Equal(3, comparison.Curve("GRPO", "reward")[0].Value.Count);
    }

    [Fact]
    public void The_file_holds_every_number()
    {
        var comparison = Compare.Train(Policy, Task, [Algorithms.Grpo, Algorithms.Reinforce], Plan);
        comparison.Save(_folder["compare.json"]);
        var json = JsonDocument.Parse(File.ReadAllText(_folder["compare.json"])).RootElement;
        var second = json.GetProperty("algorithms")[1];
        Assert.Equal("REINFORCE", second.GetProperty("algorithm").GetString());
        Assert.Equal(comparison.Summaries[1].Gain.Estimate.Mean, second.GetProperty("gain").GetProperty("mean").GetDouble());
        Assert.Equal(2, second.GetProperty("against_the_first").GetProperty("student_95").GetArrayLength());
        Assert.Equal(3, second.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public void On_the_same_rollouts_every_objective_gets_the_same_responses()
    {
        var batch = Sampler.Sample(Policy, Task, 3, 4, seed: 1);
        var reports = Compare.OnSameRollouts(batch, Algorithms.Reinforce, Algorithms.Grpo, Algorithms.DrGrpo);
        Assert.Equal(["REINFORCE", "GRPO", "Dr. GRPO"], reports.Select(r => r.Objective.Name));
        Assert.All(reports, r => Assert.Equal(batch.Responses, r.Batch.Responses));
        Assert.Equal(Algorithms.DrGrpo.Evaluate(batch).Weight.Values.ToArray(), reports[2].Weight.Values.ToArray());
    }

    [Fact]
    public void Settings_that_can_only_give_the_same_curves_say_so_and_why()
    {
        PolicyObjective With(double epsilon) =>
            Algorithms.Grpo with
            {
                Name = FormattableString.Invariant($"ε = {epsilon}"),
                Clip = Clip.Symmetric(epsilon),
            };
        var same = Compare.Train(Policy, Task, [With(0.1), With(0.2), With(0.4)], Plan);
        var note = Assert.Single(same.Notes);
        Assert.StartsWith(
            "ε = 0.1, ε = 0.2 and ε = 0.4 gave exactly the same curves with every seed. ",
            note,
            StringComparison.Ordinal
        );
        Assert.Contains("cannot act: every rollout is used for one step", note, StringComparison.Ordinal);
        Assert.Contains("note: ε = 0.1, ε = 0.2", same.ToString(), StringComparison.Ordinal);
        Assert.All(same.ToString().Split('\n'), line => Assert.True(line.Length <= 100, line));

        var options = Plan.Options! with { Passes = 4, LearningRate = 0.5, WarmupSteps = 0 };
        Assert.Empty(Compare.Train(Policy, Task, [With(0.01), With(0.2)], Plan with { Options = options }).Notes);
    }

    [Fact]
    public void The_same_objective_under_two_names_is_noticed()
    {
        var note = Assert.Single(
            Compare.Train(Policy, Task, [Algorithms.Reinforce, Algorithms.Reinforce with { Name = "again" }], Plan).Notes
        );
        Assert.Equal(
            "REINFORCE and again gave exactly the same curves with every seed. What was changed between them cannot act with these settings.",
            note
        );
    }

    [Fact]
    public void Objectives_whose_names_differ_in_foreign_letters_have_logs_of_their_own()
    {
        var plan = Plan with { Folder = _folder["runs"], Seeds = 1 };
        Compare.Train(Policy, Task, [Algorithms.Grpo with { Name = "GRPO 一" }, Algorithms.Grpo with { Name = "GRPO 二" }], plan);
        var files = Directory.GetFiles(_folder["runs"]).Select(f => Path.GetFileName(f)!).Order().ToList();
        Assert.Equal(2, files.Count);
        Assert.All(files, f => Assert.Matches("^grpo-[0-9a-f]{8}-1.jsonl$", f));
    }

    [Fact]
    public void Objectives_that_would_share_a_log_are_refused_before_anything_is_trained()
    {
        var plan = Plan with { Folder = _folder["runs"] };
        Assert.Contains(
            "'Dr. GRPO' and 'dr grpo' would share the log 'drgrpo-1.jsonl'",
            Assert
                .Throws<ArgumentException>(() =>
                    Compare.Train(Policy, Task, [Algorithms.DrGrpo, Algorithms.DrGrpo with { Name = "dr grpo" }], plan)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_folder["runs"]));
    }

    [Fact]
    public void The_log_of_another_objective_under_the_same_name_is_not_taken_for_a_finished_run()
    {
        var plan = Plan with { Folder = _folder["runs"], Seeds = 1 };
        Compare.Train(Policy, Task, [Algorithms.Grpo], plan);
        Assert.Contains(
            "holds a run with other settings",
            Assert
                .Throws<InvalidDataException>(() =>
                    Compare.Train(Policy, Task, [Algorithms.Grpo with { Aggregation = Aggregation.TokenMean }], plan)
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_curve_of_what_was_not_compared_or_measured_lists_what_was()
    {
        var comparison = Compare.Train(Policy, Task, [Algorithms.Grpo], Plan with { Seeds = 1 });
        Assert.Contains(
            "There is no algorithm 'grpo' in this comparison; there are GRPO.",
            Assert.Throws<ArgumentException>(() => comparison.Curve("grpo", "reward")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "There is no metric 'acuracy'; the metrics are reward, held_out_accuracy",
            Assert.Throws<ArgumentException>(() => comparison.Curve("GRPO", "acuracy")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Cancellation_stops_the_whole_comparison()
    {
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Compare.Train(
                Policy,
                Task,
                [Algorithms.Grpo],
                Plan with
                {
                    Steps = 100_000,
                },
                new Listener(_ => source.Cancel()),
                source.Token
            )
        );
    }

    [Fact]
    public void Wrong_questions_are_refused_before_anything_is_trained()
    {
        Assert.Contains(
            "at least one objective",
            Assert.Throws<ArgumentException>(() => Compare.Train(Policy, Task, [])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "2 are called 'GRPO'",
            Assert.Throws<ArgumentException>(() => Compare.Train(Policy, Task, [Algorithms.Grpo, Algorithms.Grpo])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Seeds must be at least 1, but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => Compare.Train(Policy, Task, [Algorithms.Grpo], seeds: 0)).Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Listener(Action<ComparisonProgress> hear) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => hear(value);
    }
}
