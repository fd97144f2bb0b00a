using System.Reflection;

namespace UniPo.Interactive.Tests;

/// <summary>The tree these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>UniPo.sln</c>.</summary>
    public static string Root { get; } =
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot")
            .Value!;

    /// <summary>A path below the root.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);
}
