using UniPo.Cli.Hosting;

namespace UniPo.Cli.Commands;

/// <summary>The hidden command with which the runner starts itself: one process for one notebook.</summary>
internal static class HostCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = CellHost.Command;

    /// <summary>Runs the cells that arrive through a pipe, until there are no more.</summary>
    /// <param name="pipe">Name of the pipe.</param>
    public static async Task<int> Run(string pipe)
    {
        ProcessFamily.Found();
        using var channel = new HostChannel(pipe);
        await new CellHost(channel).Run();
        return ExitCode.Success;
    }
}
