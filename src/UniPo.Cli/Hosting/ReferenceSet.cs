using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace UniPo.Cli.Hosting;

/// <summary>
/// The assemblies cells are compiled against, and where the runtime finds those that are not the program's own.
/// </summary>
internal sealed class ReferenceSet
{
    private static readonly string _own = AppContext.BaseDirectory;

    // What the runtime may load by itself: the framework, and the program with all it was built with.
    private static readonly string[] _trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(
        Path.PathSeparator
    );

    // The same reference objects for every cell: a type of cell 1 must be the same type in cell 2.
    private readonly Dictionary<string, MetadataReference> _references = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _runtimeFiles = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _nativeFiles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The framework, the formatters, and nothing of UniPo: a notebook must ask for that, as in every host.</summary>
    public ReferenceSet()
    {
        foreach (var path in _trusted)
            if (!path.StartsWith(_own, StringComparison.Ordinal))
                AddReference(path);
        AddReference(Path.Combine(_own, "Microsoft.DotNet.Interactive.Formatting.dll"));
        AddReference(typeof(NotebookDisplay).Assembly.Location);
    }

    /// <summary>Everything the next cell may use.</summary>
    public IEnumerable<MetadataReference> All => _references.Values;

    /// <summary>Lets the runtime find what <see cref="AddRuntime"/> and <see cref="AddNative"/> named.</summary>
    public void Attach()
    {
        AssemblyLoadContext.Default.Resolving += (_, name) => Load(name);
        AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) => Load(new AssemblyName(wanted.Name));
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => LoadNative(name);
    }

    /// <summary>Compiles later cells against this file, unless an assembly of that name is known already.</summary>
    public void AddReference(string path) =>
        _references.TryAdd(Path.GetFileNameWithoutExtension(path), MetadataReference.CreateFromFile(path));

    /// <summary>
    /// Compiles later cells against an assembly this program runs with, and against those it was built with in turn.
    /// </summary>
    public void AddOwn(string name)
    {
        if (OwnFile(name) is not { } path || _references.ContainsKey(name))
            return;
        AddReference(path);
        foreach (var needed in Assembly.Load(name).GetReferencedAssemblies())
            AddOwn(needed.Name!);
    }

    /// <summary>
    /// The file of an assembly this program brings itself, or null. At run time it comes first, so cells must be compiled against
    /// it.
    /// </summary>
    public static string? OwnFile(string name) =>
        Path.Combine(_own, name + ".dll") is var path && _trusted.Contains(path) ? path : null;

    /// <summary>Says which file holds an assembly at run time.</summary>
    public void AddRuntime(string path) => _runtimeFiles.TryAdd(Path.GetFileNameWithoutExtension(path), path);

    /// <summary>Says which file holds a native library.</summary>
    public void AddNative(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        _nativeFiles.TryAdd(name, path);
        if (name.StartsWith("lib", StringComparison.Ordinal))
            _nativeFiles.TryAdd(name["lib".Length..], path);
    }

    private Assembly? Load(AssemblyName name) =>
        _runtimeFiles.TryGetValue(name.Name!, out var path) ? AssemblyLoadContext.Default.LoadFromAssemblyPath(path) : null;

    private IntPtr LoadNative(string name)
    {
        var found =
            _nativeFiles.TryGetValue(name, out var path)
            || _nativeFiles.TryGetValue(Path.GetFileNameWithoutExtension(name), out path);
        return found ? System.Runtime.InteropServices.NativeLibrary.Load(path!) : IntPtr.Zero;
    }
}
