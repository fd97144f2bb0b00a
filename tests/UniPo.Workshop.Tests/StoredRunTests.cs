using UniPo.Workshop.Tests.Support;

namespace UniPo.Workshop.Tests;

/// <summary>The recorded runs of the lessons.</summary>
public sealed class StoredRunTests : IDisposable
{
    private static readonly string _stored = Path.Combine(Repository.Root, "data", "runs");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Five_algorithms_are_there_on_three_tasks_with_five_seeds_each()
    {
        var runs = Directory.GetFiles(_stored, "*.jsonl").Select(RunLog.Read).ToList();
        var settings = runs.GroupBy(r => (r.Header.Task, r.Header.Algorithm)).ToList();
        Assert.Equal(3, settings.Select(s => s.Key.Task).Distinct().Count());
        Assert.Equal(15, settings.Count);
        Assert.All(settings, s => Assert.Equal([1UL, 2, 3, 4, 5], s.Select(r => r.Header.Seed).Order().ToArray()));
        Assert.All(runs, r => Assert.True(r.Steps.Count == r.Header.Steps && r.After is not null));
        Assert.All(runs.Where(r => r.Header.Seed == 1), r => Assert.True(r.Steps.Count(s => s.Report is not null) >= 4));
    }

    [Fact]
    public void No_file_is_large() =>
        Assert.All(Directory.GetFiles(_stored), f => Assert.InRange(new FileInfo(f).Length, 1, 400_000));

    // On another processor rounding may differ, and training amplifies it; the first steps must agree, and so must what was
    // reached.
    [Fact]
    public async Task The_documented_command_makes_them_again()
    {
        var call = await Call.Workshop(
            "make-runs",
            "--task",
            "addition",
            "--algorithm",
            "grpo",
            "--seeds",
            "1",
            "--output",
            _folder.Path
        );
        Assert.Equal("", call.Error);
        var (fresh, stored) = (
            RunLog.Read(_folder["addition-grpo-1.jsonl"]),
            RunLog.Read(Path.Combine(_stored, "addition-grpo-1.jsonl"))
        );
        Assert.Equal(stored.Header.Hyperparameters.Keys, fresh.Header.Hyperparameters.Keys);
        foreach (var (a, b) in stored.Steps.Zip(fresh.Steps).Take(3))
            Assert.All(a.Metrics, m => Assert.Equal(m.Value, b.Metrics[m.Key], 1e-3));
        Assert.Equal(stored.After!.ExactProbability!.Value, fresh.After!.ExactProbability!.Value, 0.03);
        Assert.Equal(stored.Steps[^1].Report!.Batch.Groups.Count, fresh.Steps[^1].Report!.Batch.Groups.Count);
    }
}
