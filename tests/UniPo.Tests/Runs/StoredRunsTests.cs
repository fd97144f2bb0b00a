namespace UniPo.Tests;

/// <summary>The runs that come with the repository (data/runs), which lessons show and people open first.</summary>
public sealed class StoredRunsTests
{
    public static TheoryData<string> FirstSeeds =>
        [.. Directory.EnumerateFiles(Repository.Path("data/runs"), "*-1.jsonl").Select(p => Path.GetFileName(p)!).Order()];

    [Theory, MemberData(nameof(FirstSeeds))]
    public void The_objective_of_every_step_with_tokens_is_recognised(string file)
    {
        var reports = RunLog
            .Read(Repository.Path("data/runs/" + file))
            .Steps.Select(s => s.Report)
            .OfType<TokenReport>()
            .ToArray();

        Assert.NotEmpty(reports);
        Assert.All(reports, r => Assert.IsType<PolicyObjective>(r.Objective));
    }
}
