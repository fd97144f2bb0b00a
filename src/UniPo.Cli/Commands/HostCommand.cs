using System.CommandLine;
using UniPo.Cli.Hosting;

namespace UniPo.Cli.Commands;

/// <summary>The hidden command with which the runner starts itself: one process for one notebook.</summary>
internal static class HostCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "run-cells";

    public static Command Create()
    {
        var pipe = new Argument<string>("pipe") { Description = "Name of the pipe that brings the cells." };
        var command = new Command(Name, "Runs the cells that arrive through a pipe.") { pipe };
        command.Hidden = true;
        command.SetAction(
            async (parsed, _) =>
            {
                using var channel = new HostChannel(parsed.GetRequiredValue(pipe));
                await new CellHost(channel).Run();
                return ExitCode.Success;
            }
        );
        return command;
    }
}
