using System.ComponentModel;
using System.Diagnostics;

namespace UniPo.Cli.Doctor;

/// <summary>Asks another program.</summary>
internal static class ShellCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>What the program prints, or null when it is not there, fails, or does not answer.</summary>
    public static async Task<string?> Ask(string program, params string[] words)
    {
        // The words of the SDK are read below, so they must be English.
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        try
        {
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(_patience);
            try
            {
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                var text = await process.StandardOutput.ReadToEndAsync(patience.Token);
                await errors;
                await process.WaitForExitAsync(patience.Token);
                return process.ExitCode == 0 ? text.Trim() : null;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
