using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using UniPo.Cli;

namespace UniPo.Packages.Tests;

/// <summary>What one cell did in .NET Interactive.</summary>
/// <param name="Fault">Why it failed; null if it did not.</param>
/// <param name="Diagnostics">What the compiler had to say.</param>
/// <param name="Shown">Every value that was shown, by MIME type, in order.</param>
internal sealed record KernelResult(
    string? Fault,
    IReadOnlyList<string> Diagnostics,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Shown
);

/// <summary>The real kernel of notebook editors, Microsoft's .NET Interactive, spoken to over its pipe.</summary>
internal sealed class Kernel : IDisposable
{
    private readonly Process _process;
    private int _commands;

    private Kernel(Process process) => _process = process;

    /// <summary>Starts a kernel in a folder and waits until it takes commands.</summary>
    /// <param name="tool">Path of the tool's library.</param>
    /// <param name="folder">Folder of the notebook.</param>
    /// <param name="packages">The package cache that it shall use.</param>
    public static async Task<Kernel> Start(string tool, string folder, string packages)
    {
        string[] words = ["exec", tool, "stdio", "--default-kernel", "csharp", "--working-dir", folder];
        var start = new ProcessStartInfo(DotNetHost.Path, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        var kernel = new Kernel(Process.Start(start)!);
        while ((string?)(await kernel.Read())["eventType"] != "KernelReady") { }
        return kernel;
    }

    /// <summary>Runs a cell.</summary>
    public async Task<KernelResult> Run(string code)
    {
        var token = $"cell-{++_commands}";
        var command = new JsonObject
        {
            ["command"] = new JsonObject { ["code"] = code, ["targetKernelName"] = "csharp" },
            ["commandType"] = "SubmitCode",
            ["token"] = token,
            ["routingSlip"] = new JsonArray(),
        };
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();
        List<string> diagnostics = [];
        List<IReadOnlyDictionary<string, string>> shown = [];
        while (true)
        {
            var news = await Read();
            var said = news["event"]!;
            switch ((string?)news["eventType"])
            {
                case "DiagnosticsProduced":
                    diagnostics.AddRange(Values(said["formattedDiagnostics"]).Values);
                    break;
                case "ReturnValueProduced" or "DisplayedValueProduced":
                    shown.Add(Values(said["formattedValues"]));
                    break;
                case "CommandFailed" when IsFor(news, token):
                    return new KernelResult((string?)said["message"] ?? "It failed without a message.", diagnostics, shown);
                case "CommandSucceeded" when IsFor(news, token):
                    return new KernelResult(null, diagnostics, shown);
            }
        }
    }

    private static bool IsFor(JsonNode news, string token) => (string?)news["command"]?["token"] == token;

    private static Dictionary<string, string> Values(JsonNode? formatted) =>
        formatted is JsonArray values
            ? values
                .DistinctBy(v => (string)v!["mimeType"]!)
                .ToDictionary(v => (string)v!["mimeType"]!, v => (string)v!["value"]!)
            : [];

    private async Task<JsonNode> Read()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith('{'))
                return JsonNode.Parse(line) ?? throw new JsonException(line);
        throw new InvalidOperationException("The kernel ended before it answered.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
