using System.Globalization;

namespace UniPo.Workshop;

/// <summary>The maintainers' commands; docs/maintaining.md tells when each is needed.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return WorkshopCommand.Run(args, Console.Out, Console.Error);
    }
}
