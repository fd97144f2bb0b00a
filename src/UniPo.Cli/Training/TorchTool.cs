using System.Diagnostics;

namespace UniPo.Cli.Training;

/// <summary>Hands <c>unipo train --model FOLDER</c> over to the tool <c>unipo-torch</c>, which trains models of Hugging Face folders.</summary>
/// <remarks>
/// A program of its own, as git has its subcommands: libtorch takes 130 MB to download, and whoever reads the course needs none
/// of it.
/// </remarks>
internal static class TorchTool
{
    private const string Name = "unipo-torch";

    /// <summary>True for a training whose model is a folder.</summary>
    public static bool IsAsked(string[] args) => args is ["train", ..] && Folder(args) is { } folder && Directory.Exists(folder);

    /// <summary>Runs the tool with the same words and returns its exit code.</summary>
    /// <param name="args">The words after <c>unipo</c>.</param>
    /// <param name="error">Where it is said that the tool is missing.</param>
    /// <param name="folders">Where programs are looked for, those of the shell first.</param>
    public static async Task<int> Run(string[] args, TextWriter error, IEnumerable<string> folders)
    {
        if (Find(folders) is not { } tool)
        {
            error.WriteLine(
                $"--model {Folder(args)} is a folder. Models in the Hugging Face layout are trained by the tool {Name}, which brings libtorch (130 MB) and is not installed. In a checkout: dotnet run -c Release --project src/UniPo.TorchSharp.Cli -- train …; elsewhere: dotnet tool install --global {Name}."
            );
            return ExitCode.Usage;
        }
        var isAssembly = tool.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? DotNetHost.Path : tool);
        if (isAssembly)
            start.ArgumentList.Add(tool);
        foreach (var word in args)
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!; // Ctrl+C reaches it as it reaches this one; it ends by itself and keeps its work
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Folders of the shell's programs, then what a checkout has built.</summary>
    public static IEnumerable<string> Folders()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            yield return folder;
        // src/UniPo.Cli/bin/Release/net10.0 and its neighbour
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        if (own is { Parent: { Name: var configuration } parent } && parent.Parent?.Parent?.Parent is { } projects)
            yield return Path.Combine(projects.FullName, "UniPo.TorchSharp.Cli", "bin", configuration, own.Name);
    }

    private static string? Find(IEnumerable<string> folders) =>
        folders
            .Where(f => f.Length > 0)
            .SelectMany(f => new[] { Name, Name + ".exe", Name + ".dll" }.Select(n => Path.Combine(f, n)))
            .FirstOrDefault(File.Exists);

    private static string? Folder(string[] args)
    {
        for (var i = 1; i < args.Length; i++)
            if (args[i] == "--model" && i + 1 < args.Length)
                return args[i + 1];
            else if (args[i].StartsWith("--model=", StringComparison.Ordinal))
                return args[i]["--model=".Length..];
        return null;
    }
}
