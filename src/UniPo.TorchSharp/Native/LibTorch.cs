using System.Runtime.InteropServices;
using TorchSharp;

namespace UniPo.Torch;

/// <summary>The native library under TorchSharp: whether it loads here, and what to install when it does not.</summary>
public static class LibTorch
{
    /// <summary>What had to be done so that it loads on this system; null when nothing had to be.</summary>
    public static string? Note => OldLibstdcxx.Note;

    /// <summary>Loads libtorch, if that has not happened yet.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says what to install on this platform.</exception>
    public static void Require()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception fault)
            when (fault is NotSupportedException or TypeInitializationException or DllNotFoundException or BadImageFormatException
            )
        {
            throw new DllNotFoundException(Missing(Platform(), (fault.GetBaseException() ?? fault).Message), fault);
        }
    }

    /// <summary>Computes on this many threads from now on, in the whole process.</summary>
    internal static void UseThreads(int threads)
    {
        if (torch.get_num_threads() != threads)
            torch.set_num_threads(threads);
    }

    /// <summary>What to say on a platform (a runtime identifier) where libtorch did not load.</summary>
    internal static string Missing(string platform, string reason)
    {
        var package = platform switch
        {
            "linux-x64" or "win-x64" or "win-arm64" or "osx-arm64" => $"libtorch-cpu-{platform}",
            _ => null,
        };
        var advice = package is null
            ? "TorchSharp has no libtorch for this platform; it has one for linux-x64, win-x64, win-arm64 and osx-arm64. The models of the package UniPo itself need none."
            : $"Add the package {package} 2.10.0 (or TorchSharp-cpu 0.107.0, which brings all platforms, or a TorchSharp-cuda package for a graphics card): dotnet add package {package} --version 2.10.0; in a notebook: #r \"nuget: {package}, 2.10.0\".";
        return $"libtorch, the native library under TorchSharp, could not be loaded on {platform}. {advice} The loader said: {FirstLine(reason)}";
    }

    private static string Platform()
    {
        var system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
