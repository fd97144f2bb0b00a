namespace UniPo.Tests;

/// <summary>
/// Real training of the shipped models: slow by unit-test standards, and the only proof that the whole loop learns.
/// </summary>
public sealed class LearningTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Grpo_lifts_the_held_out_probability_by_25_points_in_150_steps(ulong seed)
    {
        var run = new Trainer(
            TinyTransformer.Load("addition"),
            Tasks.Addition(),
            Algorithms.Grpo,
            new() { Seed = seed, TokensEvery = 0 }
        ).Train(150);
        Assert.True(
            run.After!.ExactProbability - run.Before!.ExactProbability >= 0.25,
            $"seed {seed}: {run.Before} -> {run.After}"
        );
    }

    [Fact]
    public void Reinforce_learns_to_add_too()
    {
        var run = new Trainer(
            TinyTransformer.Load("addition"),
            Tasks.Addition(),
            Algorithms.Reinforce,
            new() { Seed = 7, TokensEvery = 0 }
        ).Train(100);
        Assert.True(run.After!.ExactProbability - run.Before!.ExactProbability >= 0.1, $"{run.Before} -> {run.After}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_log_apart_from_times()
    {
        using var folder = new TemporaryFolder();
        string Text(string name)
        {
            new Trainer(
                TinyTransformer.Load("addition"),
                Tasks.Addition(),
                Algorithms.Grpo,
                new() { Seed = 7, HeldOutPrompts = 100 }
            ).Record(5, folder[name]);
            return System.Text.RegularExpressions.Regex.Replace(
                File.ReadAllText(folder[name]),
                "\"seconds\":[0-9.E-]+",
                "\"seconds\":0"
            );
        }
        Assert.Equal(Text("a.jsonl"), Text("b.jsonl"));
    }
}
