using System.Reflection;

namespace UniPo.Cli;

/// <summary>The version of UniPo this program was built with.</summary>
internal static class ProductVersion
{
    /// <summary>Version of the packages of this build, for instance <c>0.2.0</c>.</summary>
    public static string OfThisBuild { get; } =
        typeof(ProductVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
