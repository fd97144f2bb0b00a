using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using UniPo.Numerics;

namespace UniPo.Cli.Doctor;

/// <summary>SDK, system, processor, and the packages this program was built with.</summary>
internal static class MachineCheck
{
    private const int NeededSdk = 10;

    private static readonly (string Label, string Assembly)[] _packages =
    [
        ("MathNet.Numerics", "MathNet.Numerics"),
        ("Roslyn", "Microsoft.CodeAnalysis.CSharp"),
        ("formatting", "Microsoft.DotNet.Interactive.Formatting"),
        ("System.CommandLine", "System.CommandLine"),
        ("Spectre.Console", "Spectre.Console"),
    ];

    /// <summary>Looks.</summary>
    public static async Task<IReadOnlyList<Finding>> Run() =>
        [
            Sdk(await ShellCommand.Ask(DotNetHost.Path, "--version")),
            new("runtime", RuntimeInformation.FrameworkDescription),
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            Processor(),
            new("UniPo", ProductVersion.OfThisBuild),
            new("packages", string.Join(", ", _packages.Select(p => $"{p.Label} {VersionOf(p.Assembly)}"))),
        ];

    /// <summary>The finding for what <c>dotnet --version</c> said; null when it said nothing.</summary>
    public static Finding Sdk(string? version) =>
        version switch
        {
            null => new Finding(
                "SDK",
                "not found",
                Severity.Blocks,
                $"Install the .NET {NeededSdk} SDK from https://dotnet.microsoft.com/download."
            ),
            _ when !int.TryParse(version.Split('.')[0], out var major) || major < NeededSdk => new Finding(
                "SDK",
                version,
                Severity.Blocks,
                $"UniPo is built with .NET {NeededSdk}; install that SDK from https://dotnet.microsoft.com/download."
            ),
            _ => new Finding("SDK", version),
        };

    private static Finding Processor()
    {
        var features = new (string Name, bool Present)[]
        {
            ("Vector512", Vector512.IsHardwareAccelerated),
            ("Vector256", Vector256.IsHardwareAccelerated),
            ("Vector128", Vector128.IsHardwareAccelerated),
            ("AVX-512", Avx512F.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("NEON", AdvSimd.Arm64.IsSupported),
        };
        var present = string.Join(", ", features.Where(f => f.Present).Select(f => f.Name));
        var absent = string.Join(", ", features.Where(f => !f.Present).Select(f => f.Name));
        var used =
            $"{Environment.ProcessorCount} processors, {Compute.Shared.Threads} threads used, vectors of {Compute.Shared.VectorBits} bits; has {present}"
            + (absent.Length > 0 ? $"; has not {absent}" : "");
        return Compute.Shared.VectorBits >= 128
            ? new Finding("processor", used)
            : new Finding(
                "processor",
                used,
                Severity.Notice,
                "Training works, but slowly: take a machine with AVX2 or ARM's NEON, or start with --quick."
            );
    }

    private static string VersionOf(string assembly) =>
        Assembly.Load(assembly).GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
