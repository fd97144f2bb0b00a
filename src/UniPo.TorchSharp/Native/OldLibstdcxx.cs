using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace UniPo.Torch;

/// <summary>
/// Lets TorchSharp load where the system's C++ library is older than GCC 13's (Debian 12, Ubuntu 22.04). Elsewhere it does
/// nothing.
/// </summary>
/// <remarks>
/// libLibTorchSharp.so lists the version GLIBCXX_3.4.32 among those it needs, for a marker symbol that nothing in it calls. So a
/// temporary copy is loaded in which that one need is marked weak (a single bit): the loader then accepts an older library. No
/// installed file is changed. TorchSharp finds the copy by its name, since a library of that name is loaded already.
/// </remarks>
internal static class OldLibstdcxx
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Library = "libLibTorchSharp.so";

    // libtorch's parts in the order of their dependencies; the copy lies elsewhere and finds them by name once they are loaded.
    private static readonly string[] _parts = ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>What was done; null when nothing had to be.</summary>
    public static string? Note { get; private set; }

    /// <summary>Runs before anything else of this assembly, since a model may be made before a policy is.</summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage",
        "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "TorchSharp loads its native library in a static constructor; only a module initializer comes before it."
    )]
    internal static void Install()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || SystemHasVersion())
            return;
        // Where a file is missing, TorchSharp's own search fails later, and LibTorch.Require says what to install.
        if (NativeFolders().Select(f => Path.Combine(f, Library)).FirstOrDefault(File.Exists) is not { } original)
            return;
        if (NativeFolders().FirstOrDefault(f => File.Exists(Path.Combine(f, "libtorch_cpu.so"))) is not { } torch)
            return;
        var bytes = File.ReadAllBytes(original);
        if (!VersionNeeds.MarkWeak(bytes, Version))
            return; // a later TorchSharp that does without
        foreach (var part in _parts.Select(p => Path.Combine(torch, p)).Where(File.Exists))
            NativeLibrary.Load(part);
        LoadCopy(bytes);
        Note =
            $"This system's C++ library (libstdc++) lacks {Version}, which TorchSharp asks for but never calls: its native library was loaded from a temporary copy that asks for it weakly.";
    }

    private static void LoadCopy(byte[] bytes)
    {
        var folder = Directory.CreateTempSubdirectory("unipo-torch-");
        try
        {
            var copy = Path.Combine(folder.FullName, Library);
            File.WriteAllBytes(copy, bytes);
            NativeLibrary.Load(copy);
        }
        finally
        {
            folder.Delete(recursive: true); // it stays mapped
        }
    }

    private static bool SystemHasVersion()
    {
        var loaded = File.ReadLines("/proc/self/maps")
            .FirstOrDefault(l => l.Contains("libstdc++.so.6", StringComparison.Ordinal));
        return loaded is null
            || File.ReadAllBytes(loaded[loaded.IndexOf('/', StringComparison.Ordinal)..])
                .AsSpan()
                .IndexOf(Encoding.ASCII.GetBytes(Version + "\0")) >= 0;
    }

    /// <summary>Where native libraries lie: what the host says, beside the program, in the package folder of a notebook.</summary>
    private static IEnumerable<string> NativeFolders()
    {
        var told = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in told.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        yield return AppContext.BaseDirectory;
        // packages/torchsharp/VERSION/lib/TARGET/TorchSharp.dll
        var managed = Path.GetDirectoryName(Assembly.Load("TorchSharp").Location);
        if (string.IsNullOrEmpty(managed))
            yield break;
        yield return managed;
        var packages = Path.GetFullPath(Path.Combine(managed, "..", "..", "..", ".."));
        foreach (var package in new[] { "torchsharp", "libtorch-cpu-linux-x64" })
        {
            var versions = Path.Combine(packages, package);
            if (Directory.Exists(versions))
                foreach (var version in Directory.GetDirectories(versions).OrderDescending(StringComparer.Ordinal))
                    yield return Path.Combine(version, "runtimes", "linux-x64", "native");
        }
    }
}
