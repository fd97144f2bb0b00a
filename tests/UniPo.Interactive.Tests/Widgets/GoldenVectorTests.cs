using System.Text.Json;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>The objective as the browser computes it, against numbers that the trainers' own code produced.</summary>
public sealed class GoldenVectorTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public async Task Browser_recomputes_losses_gradients_and_advantages_of_TRL_and_verl_to_1e_9()
    {
        var report = JsonDocument.Parse(await NodeScripts.NodeAsync(["build.mjs", "--test", "golden"])).RootElement;
        foreach (var file in report.GetProperty("files").EnumerateObject())
            output.WriteLine($"{file.Name}: {file.Value.GetProperty("compared")} of {file.Value.GetProperty("cases")} compared");
        foreach (var reason in report.GetProperty("omitted").EnumerateObject())
            output.WriteLine($"left out: {reason.Value} × {reason.Name}");

        Assert.Empty(report.GetProperty("failures").EnumerateArray());
        Assert.True(
            report.GetProperty("compared").GetInt32() >= 690,
            $"Only {report.GetProperty("compared")} cases were compared."
        );
        foreach (var file in new[] { "grpo", "bnpo", "dr_grpo", "dapo", "cispo" })
            Assert.Equal(0, report.GetProperty("files").GetProperty($"trl_loss_{file}.json").GetProperty("omitted").GetInt32());
    }
}
