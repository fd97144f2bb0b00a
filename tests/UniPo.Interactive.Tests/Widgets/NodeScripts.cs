using System.Diagnostics;
using System.Reflection;

namespace UniPo.Interactive.Tests.Widgets;

/// <summary>Runs the widgets' own build and test scripts under node, as they stand in the tree.</summary>
internal static class NodeScripts
{
    /// <summary>The folder that holds <c>UniPo.sln</c>.</summary>
    public static string Root { get; } =
        typeof(NodeScripts)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot")
            .Value!;

    /// <summary>The folder of the TypeScript sources.</summary>
    public static string Folder { get; } = Path.Combine(Root, "src", "UniPo.Interactive", "Widgets");

    private static readonly Lazy<Task> _installed = new(InstallAsync);

    /// <summary>Runs node in the widgets' folder and returns what it wrote.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message holds its output.</exception>
    public static async Task<string> NodeAsync(string[] arguments, string input = "")
    {
        await _installed.Value;
        return await RunAsync("node", arguments, input);
    }

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], "");
    }

    private static async Task<string> RunAsync(string command, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process =
            Process.Start(start)
            ?? throw new InvalidOperationException($"'{command}' did not start; install Node.js 20 or later.");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}"
            );
    }
}
