using System.Diagnostics;
using UniPo.Engine;

namespace UniPo.Tests.Training;

/// <summary>Whole processes compared: the same seed gives the same metrics and the same checkpoint, to the last bit.</summary>
public class RepeatabilityTests
{
    [Fact]
    public void Two_threads_give_the_checkpoint_of_one() =>
        Assert.Equal(Train(threads: 1), Train(threads: 2));

    [Fact]
    public void Narrower_vectors_give_the_same_metrics_and_checkpoint()
    {
        string[] wide = Train(threads: 2),
            narrow = Train(threads: 2, without: ["EnableAVX512", "EnableAVX512F"]); // renamed with .NET 10; each ignores the other's
        Assert.Equal($"{Kernels.Widths.First(w => w < 512)} bits", narrow[0]);
        Assert.Equal(wide[1..], narrow[1..]);
    }

    [Fact]
    public void A_processor_without_fused_multiply_add_gives_the_same_metrics_and_checkpoint()
    {
        var without = Train(threads: 2, without: ["EnableAVX512", "EnableAVX512F", "EnableAVX2", "EnableFMA"]);
        Assert.Equal(Train(threads: 2)[1..], without[1..]);
    }

    [Fact]
    public void The_library_for_net8_gives_the_same_metrics_and_checkpoint() =>
        Assert.Equal(Train(threads: 2), Train(threads: 2, framework: "net8.0"));

    /// <param name="threads">Threads that compute.</param>
    /// <param name="framework">Which of the library's builds.</param>
    /// <param name="without">Switches of the runtime to turn off.</param>
    private static string[] Train(int threads, string framework = "net10.0", string[]? without = null)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Repository.Path("tests", "UniPo.Probe", "bin", "Release", framework, "UniPo.Probe.dll"),
                threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in without ?? [])
            start.Environment["DOTNET_" + name] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process
            .StandardOutput.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Equal(8, lines.Length);
        Assert.All(lines[1..^1], step => Assert.DoesNotContain("grad_norm 0,", step, StringComparison.Ordinal)); // it learns
        return lines;
    }
}
