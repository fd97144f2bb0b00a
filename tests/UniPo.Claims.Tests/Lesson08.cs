namespace UniPo.Claims.Tests;

/// <summary>Five algorithms on three tasks.</summary>
public sealed class Lesson08(ClaimPage page) : IClassFixture<ClaimPage>
{
    private static readonly Objective[] Five =
    [
        Algorithms.Grpo,
        Algorithms.Reinforce,
        Algorithms.Ppo,
        Algorithms.Dapo,
        Algorithms.DrGrpo,
    ];
    private static readonly string[] TaskNames = ["addition", "scratchpad", "rubric"];
    private const int Steps = 100;

    [Claim("08", "the differences between the algorithms survive five seeds on three tasks")]
    public void Few_differences_survive()
    {
        var comparisons = TaskNames
            .Select(name => Tasks.Named(name))
            .Select(task => Compare.Train(Runs.Base(BaseModel.For(task).Name), task, Five, seeds: 5, steps: Steps))
            .ToArray();
        Assert.All(comparisons, c => Assert.Empty(c.Failed));
        var differences = Five.Skip(1)
            .Select(o =>
                (
                    o.Name,
                    Found: comparisons.Select(c => c.Summaries.Single(s => s.Algorithm == o.Name).Against!.Estimate).ToArray()
                )
            )
            .ToArray();
        string[] survive =
        [
            .. differences.Where(d => d.Found.All(e => e.IsPositive) || d.Found.All(e => e.IsNegative)).Select(d => d.Name),
        ];
        page.Found(
            this,
            Verdict.InPart,
            $"{Steps} steps, right after training minus that of GRPO, on {string.Join(", ", TaskNames)}: "
                + string.Join(
                    "; ",
                    differences.Select(d =>
                        $"{d.Name} {string.Join(", ", d.Found.Select(e => $"{e.Mean:+0.000;-0.000} ±{e.High - e.Mean:0.000}"))}"
                    )
                )
                + $". The same sign on all three: {string.Join(", ", survive)}"
        );
        Assert.Equal(["PPO", "DAPO"], survive);
    }
}
