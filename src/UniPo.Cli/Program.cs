using System.Globalization;
using UniPo.Cli.Commands;
using UniPo.Cli.Training;

namespace UniPo.Cli;

/// <summary>The command <c>unipo</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        // Without the other commands, which need UniPo: the cells of a notebook may bring their own.
        if (args is [HostCommand.Name, var pipe])
            return await HostCommand.Run(pipe);
        if (TorchTool.IsAsked(args))
            return await TorchTool.Run(args, Console.Error, TorchTool.Folders());
        return await CommandLine.Run(args, Console.Out, Console.Error);
    }
}
