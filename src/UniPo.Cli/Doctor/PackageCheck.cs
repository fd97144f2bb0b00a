using System.Security.Cryptography;

namespace UniPo.Cli.Doctor;

/// <summary>Do notebook hosts find UniPo's packages, and do they find those made from these sources?</summary>
/// <param name="repository">The top of the tree.</param>
/// <param name="globalPackages">NuGet's cache.</param>
internal sealed class PackageCheck(string repository, string globalPackages)
{
    private static readonly string[] _names = ["UniPo", "UniPo.BaseModels", "UniPo.Interactive"];
    private static readonly string[] _sourceTypes = [".cs", ".csproj", ".css", ".js", ".safetensors", ".dib"];

    /// <summary>The tree around a folder, or null.</summary>
    public static string? FindRepository(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            if (File.Exists(Path.Combine(current.FullName, "UniPo.sln")))
                return current.FullName;
        return null;
    }

    /// <summary>Looks.</summary>
    public IReadOnlyList<Finding> Run() => [.. _names.SelectMany(name => new[] { Packed(name), Cached(name) })];

    private Finding Packed(string name)
    {
        const string fix = "Pack, so that notebook hosts find it: dotnet pack -c Release";
        var package = PackageFile(name);
        if (!File.Exists(package))
            return new Finding(
                $"package {name}",
                "not packed; unipo run works, other hosts do not find it",
                Severity.Notice,
                fix
            );
        var newest = NewestSource();
        return newest.Time > File.GetLastWriteTimeUtc(package)
            ? new Finding($"package {name}", $"older than {Path.GetRelativePath(repository, newest.Path)}", Severity.Notice, fix)
            : new Finding($"package {name}", $"{ProductVersion.OfThisBuild}, packed after the last change");
    }

    private Finding Cached(string name)
    {
        var folder = Path.Combine(globalPackages, name.ToLowerInvariant(), ProductVersion.OfThisBuild);
        var hash = Path.Combine(folder, $"{name.ToLowerInvariant()}.{ProductVersion.OfThisBuild}.nupkg.sha512");
        if (!File.Exists(hash))
            return new Finding($"cache of {name}", "none", Severity.Absent);
        if (!File.Exists(PackageFile(name)))
            return new Finding($"cache of {name}", folder);
        var packed = Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(PackageFile(name))));
        return File.ReadAllText(hash).Trim() == packed
            ? new Finding($"cache of {name}", "the packed one")
            : new Finding(
                $"cache of {name}",
                "an older copy, which hosts use in place of the packed one",
                Severity.Notice,
                $"Delete {folder}"
            );
    }

    private string PackageFile(string name) => Path.Combine(repository, "packages", $"{name}.{ProductVersion.OfThisBuild}.nupkg");

    private (string Path, DateTime Time) NewestSource() =>
        _names
            .Where(name => Directory.Exists(Path.Combine(repository, "src", name)))
            .SelectMany(name => Directory.EnumerateFiles(Path.Combine(repository, "src", name), "*", SearchOption.AllDirectories))
            .Where(file => _sourceTypes.Contains(Path.GetExtension(file)) && !IsBuilt(file))
            .Select(file => (file, File.GetLastWriteTimeUtc(file)))
            .MaxBy(f => f.Item2);

    private static bool IsBuilt(string file) =>
        file.Split(Path.DirectorySeparatorChar) is var parts
        && (parts.Contains("obj") || parts.Contains("bin") || parts.Contains("node_modules"));
}
