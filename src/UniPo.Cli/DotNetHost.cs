using System.Runtime.InteropServices;

namespace UniPo.Cli;

/// <summary>The <c>dotnet</c> program this one runs on.</summary>
internal static class DotNetHost
{
    /// <summary>Full path of <c>dotnet</c>: three folders above the running framework, or whatever the shell finds.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = System.IO.Path.GetFullPath(
            System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name)
        );
        return File.Exists(beside) ? beside : name;
    }
}
