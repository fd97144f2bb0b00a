using System.Reflection;
using System.Runtime.CompilerServices;

namespace UniPo.Cli.Hosting;

/// <summary>Follows the <c>#r</c> lines of cells.</summary>
internal sealed class PackageReferences(ReferenceSet references, string notebookFolder)
{
    private static readonly HashSet<string> _own = new(["UniPo", "UniPo.Interactive"], StringComparer.OrdinalIgnoreCase);

    private readonly List<PackageRequest> _restored = [];
    private readonly List<string> _feeds = [];

    /// <summary>Makes everything available that a cell asks for.</summary>
    /// <exception cref="CellFaultException">A package or file cannot be had.</exception>
    public async Task Follow(CellDirectives cell)
    {
        _feeds.AddRange(cell.Feeds);
        foreach (var file in cell.Assemblies)
            AddFile(file);
        List<PackageRequest> wanted = [];
        foreach (var package in cell.Packages)
            if (!AddOwn(package))
                wanted.Add(package);
        wanted.RemoveAll(_restored.Contains);
        if (wanted.Count == 0)
            return;

        // All packages so far are restored together, so that shared dependencies get one version.
        _restored.AddRange(wanted);
        var assets = await new PackageRestore(notebookFolder, _feeds).Run(_restored);
        foreach (var path in assets.Runtime)
            CheckAgainstOwn(path);
        foreach (var path in assets.Compile)
            references.AddReference(ReferenceSet.OwnFile(Path.GetFileNameWithoutExtension(path)) ?? path);
        foreach (var path in assets.Runtime)
            references.AddRuntime(path);
        foreach (var path in assets.Native)
            references.AddNative(path);
        foreach (var package in wanted.Where(p => _own.Contains(p.Name)))
            Begin(package.Name);
    }

    private bool AddOwn(PackageRequest package)
    {
        if (!_own.Contains(package.Name) || ReferenceSet.OwnFile(package.Name) is null)
            return false;
        var version = ProductVersion.OfThisBuild;
        if (package.Version is { } asked && asked != version && !asked.Contains('*', StringComparison.Ordinal))
            throw new CellFaultException(
                $"The notebook asks for {package.Name} {asked}, but this is unipo {version}: it runs notebooks against its own build."
            );

        // UniPo is part of both, whether or not the compiler kept the reference.
        references.AddOwn(package.Name);
        references.AddOwn("UniPo");

        Begin(package.Name);
        return true;
    }

    // .NET Interactive runs a package's extension when it is referenced; this is the library's own beginning of the same.
    private static void Begin(string library) =>
        RuntimeHelpers.RunModuleConstructor(Assembly.Load(library).ManifestModule.ModuleHandle);

    private void AddFile(string file)
    {
        var path = Path.GetFullPath(file, notebookFolder);
        if (!File.Exists(path))
            throw new CellFaultException($"#r \"{file}\": there is no such file.");
        references.AddReference(path);
        references.AddRuntime(path);

        // Its neighbours are what it was built with.
        foreach (var neighbour in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.dll"))
            references.AddRuntime(neighbour);
    }

    // One process holds one version of an assembly, and this program has loaded its own.
    private static void CheckAgainstOwn(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (ReferenceSet.OwnFile(name) is not { } own)
            return;
        var (asked, present) = (AssemblyName.GetAssemblyName(path).Version, AssemblyName.GetAssemblyName(own).Version);
        if (asked > present)
            throw new CellFaultException(
                $"The packages bring {name} {asked}, but unipo itself runs with {present}; ask for a version that needs no newer one."
            );
    }
}
