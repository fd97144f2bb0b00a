using System.Diagnostics;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>What a cell starts ends with it, and what it takes is bounded.</summary>
public sealed class ProcessFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A number that no other process carries on its command line.
    private static string Seconds =>
        "86" + Random.Shared.Next(100_000, 999_999).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsRunning(string seconds) =>
        Process.GetProcesses().Any(p => CommandLineOf(p.Id).Contains(seconds, StringComparison.Ordinal));

    private static string CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ""; // gone meanwhile
        }
    }

    [Theory]
    [InlineData("sleep {0}")]
    [InlineData("sleep {0} & echo started; wait")]
    [InlineData("setsid sleep {0} & sleep {0}")]
    [InlineData("(setsid setsid sleep {0} &) ; nohup sleep {0} & disown; while true; do :; done")]
    [InlineData("env -i setsid sleep {0} & trap '' TERM INT HUP; sleep {0}")]
    public async Task A_timeout_ends_everything_that_the_cell_has_started(string script)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var seconds = Seconds;
        var shell = string.Format(System.Globalization.CultureInfo.InvariantCulture, script, seconds);
        var path = new NotebookBuilder()
            .Code($"System.Diagnostics.Process.Start(\"bash\", new[] {{ \"-c\", \"{shell}\" }}).WaitForExit();")
            .Write(_folder.Path, "a.ipynb");

        var call = await Call.Unipo("run", path, "--output", _folder["out"], "--timeout", "6");

        Assert.Equal(1, call.ExitCode);
        Assert.Contains("was stopped after 6 s", call.Output);
        Assert.False(IsRunning(seconds));
    }

    [Fact]
    public async Task A_program_in_the_background_that_holds_the_output_does_not_hold_the_run()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var seconds = Seconds;
        var path = new NotebookBuilder()
            .Code(
                $"System.Diagnostics.Process.Start(\"bash\", new[] {{ \"-c\", \"setsid sleep {seconds} & sleep {seconds} &\" }}).WaitForExit();"
            )
            .Code("Environment.Exit(3);")
            .Write(_folder.Path, "a.ipynb");

        var call = await Call.Unipo("run", path, "--output", _folder["out"]);

        Assert.Contains("ended with exit code 3", call.Output);
        Assert.False(IsRunning(seconds));
    }

    [Theory]
    [InlineData("while (true) Console.WriteLine(\"more and more and more and more\");")]
    [InlineData("System.Diagnostics.Process.Start(\"yes\").WaitForExit();")]
    [InlineData("Console.Write(new string('x', 30_000_000)); Thread.Sleep(-1);")]
    public async Task Output_without_end_is_cut_and_said(string code)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = new NotebookBuilder().Code("using System.Threading;\n" + code).Write(_folder.Path, "a.ipynb");

        var call = await Call.Unipo("run", path, "--output", _folder["out"], "--timeout", "6", "--max-output", "1");

        Assert.Equal(1, call.ExitCode);
        var copy = new ExecutedNotebook(_folder["out/a.ipynb"]);
        Assert.Contains("What cell 1 showed beyond 1 MB was left out (--max-output).", copy.Story(1)[^1]);
        Assert.InRange(new FileInfo(_folder["out/a.ipynb"]).Length, 1, 8 << 20);
    }

    [Fact]
    public async Task A_cell_that_takes_too_much_memory_is_stopped_and_named()
    {
        var path = new NotebookBuilder()
            .Code(
                "var all = new List<byte[]>();\nwhile (true) { var more = new byte[1 << 22]; Array.Fill(more, (byte)1); all.Add(more); if (all.Count > 500) await Task.Delay(100); }"
            )
            .Write(_folder.Path, "a.ipynb");

        var call = await Call.Unipo("run", path, "--output", _folder["out"], "--max-memory", "600");

        Assert.Equal(1, call.ExitCode);
        Assert.Contains("MB of memory, and 600 MB are allowed (--max-memory).", call.Output);
    }
}
