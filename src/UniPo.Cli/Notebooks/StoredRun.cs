using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace UniPo.Cli.Notebooks;

/// <summary>What a notebook in the repository says about the run that its outputs come from.</summary>
/// <param name="Code">Hash of the code that ran: another one than <see cref="CodeOf"/> means that the outputs are stale.</param>
/// <param name="Platform">Operating system and processor, such as <c>linux-x64</c>.</param>
internal sealed record StoredRun(string Code, string Platform)
{
    /// <summary>The place of this program in the metadata of a notebook.</summary>
    public const string Place = "unipo";

    /// <summary>Operating system and processor of this machine.</summary>
    /// <remarks>
    /// The kernels give the same bits everywhere, but exponentials and logarithms of the objectives are those of the system's C
    /// library, whose last bit may differ; training makes much of a last bit.
    /// </remarks>
    public static string ThisPlatform { get; } =
        $"{(OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Hash of all code cells in order. Prose does not count: to mend a sentence makes no output stale.</summary>
    public static string CodeOf(Notebook notebook)
    {
        var code = string.Join("\n%%\n", notebook.Cells.Where(c => c.IsCode).Select(c => c.Source));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)))[..16];
    }

    /// <summary>What the metadata of a notebook say; null when its outputs were not stored by this program.</summary>
    public static StoredRun? Read(JsonObject metadata) =>
        metadata[Place] is JsonObject said && said["code"] is { } code && said["platform"] is { } platform
            ? new StoredRun(code.ToString(), platform.ToString())
            : null;

    /// <summary>Writes it into the metadata of a notebook.</summary>
    public void Write(JsonObject metadata) => metadata[Place] = new JsonObject { ["code"] = Code, ["platform"] = Platform };
}
