using System.Diagnostics;
using UniPo.Numerics;
using UniPo.Engine;

namespace UniPo.Tests.Training;

/// <summary>Whole processes compared: the same seed gives the same metrics and the same checkpoint, to the last bit.</summary>
public class RepeatabilityTests
{
    [Fact]
    public void Two_threads_give_the_checkpoint_of_one() =>
        Assert.Equal(Train(threads: 1, vectors512: true), Train(threads: 2, vectors512: true));

    [Fact]
    public void Narrower_vectors_give_the_same_metrics_and_checkpoint()
    {
        string[] wide = Train(threads: 2, vectors512: true),
            narrow = Train(threads: 2, vectors512: false);
        Assert.Equal($"{Kernels.Widths.First(w => w < 512)} bits", narrow[0]);
        Assert.Equal(wide[1..], narrow[1..]);
    }

    private static string[] Train(int threads, bool vectors512)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Repository.Path("tests", "UniPo.Probe", "bin", "Release", "net10.0", "UniPo.Probe.dll"),
                threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The switch was renamed with .NET 10; each version ignores the other's.
        foreach (var name in new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F" })
            if (!vectors512)
                start.Environment[name] = "0";
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
