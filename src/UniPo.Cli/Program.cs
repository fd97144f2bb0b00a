using System.Globalization;

namespace UniPo.Cli;

/// <summary>The command <c>unipo</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return await CommandLine.Run(args, Console.Out, Console.Error);
    }
}
