using System.Text.Json.Nodes;

namespace UniPo.Cli.Running;

/// <summary>How the process of a notebook is started.</summary>
internal static class HostFiles
{
    private static readonly string[] _own = ["UniPo", "UniPo.Interactive"];

    /// <summary>Words after <c>dotnet</c> that start this program once more.</summary>
    /// <param name="withoutOwnBuild">True for a process that has UniPo neither on its list of assemblies nor in memory: it must
    /// come from a package, as in every host but this one.</param>
    public static IEnumerable<string> Start(bool withoutOwnBuild)
    {
        var program = typeof(HostFiles).Assembly.Location;
        return withoutOwnBuild
            ?
            [
                "exec",
                "--runtimeconfig",
                Path.ChangeExtension(program, ".runtimeconfig.json"),
                "--depsfile",
                DependenciesWithoutOwn(Path.ChangeExtension(program, ".deps.json")),
                program,
            ]
            : ["exec", program];
    }

    // What is not on the list of dependencies cannot be loaded, although its file lies beside the program.
    private static string DependenciesWithoutOwn(string list)
    {
        var root = JsonNode.Parse(File.ReadAllText(list))!;
        var libraries = root["targets"]!.AsObject().Select(t => t.Value!.AsObject()).Append(root["libraries"]!.AsObject());
        foreach (var names in libraries)
        {
            foreach (var own in names.Select(l => l.Key).Where(key => _own.Contains(key.Split('/')[0])).ToList())
                names.Remove(own);
            foreach (var (_, library) in names)
            foreach (var own in _own)
                (library?["dependencies"] as JsonObject)?.Remove(own);
        }

        // The runtime looks for all other assemblies where this list lies, so it must lie beside the program.
        var (file, half) = (Path.ChangeExtension(list, ".packaged.json"), $"{list}.{Environment.ProcessId}");
        File.WriteAllText(half, root.ToJsonString());
        File.Move(half, file, overwrite: true);
        return file;
    }
}
