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
