using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace UniPo.Cli.Hosting;

/// <summary>The files that a set of packages consists of on this machine.</summary>
/// <param name="Compile">Assemblies to compile against.</param>
/// <param name="Runtime">Assemblies to load.</param>
/// <param name="Native">Native libraries.</param>
internal sealed record PackageAssets(IReadOnlyList<string> Compile, IReadOnlyList<string> Runtime, IReadOnlyList<string> Native)
{
    /// <summary>Reads the list a restore wrote.</summary>
    /// <returns>Null when there is no list, or files it names are gone.</returns>
    public static PackageAssets? TryRead(string assetsFile, string framework)
    {
        if (!File.Exists(assetsFile))
            return null;
        var root = JsonNode.Parse(File.ReadAllText(assetsFile))!;
        var folders = root["packageFolders"]!.AsObject().Select(f => f.Key).ToList();
        if (root["targets"]![$"{framework}/{RuntimeInformation.RuntimeIdentifier}"] is not JsonObject libraries)
            return null;

        List<string> compile = [],
            runtime = [],
            native = [];
        foreach (var (name, library) in libraries)
        {
            if (root["libraries"]?[name]?["path"]?.ToString() is not { } path)
                continue;
            var home = folders.Select(f => Path.Combine(f, path)).FirstOrDefault(Directory.Exists);
            if (home is null)
                return null;
            Add(compile, library!["compile"], home);
            Add(runtime, library["runtime"], home);
            Add(native, library["native"], home);
        }

        return compile.Concat(runtime).Concat(native).All(File.Exists) ? new PackageAssets(compile, runtime, native) : null;
    }

    private static void Add(List<string> files, JsonNode? list, string home)
    {
        // "_._" is NuGet's mark for a folder that is empty on purpose.
        foreach (var (file, _) in list?.AsObject() ?? [])
            if (!file.EndsWith("_._", StringComparison.Ordinal))
                files.Add(Path.Combine(home, file));
    }
}
