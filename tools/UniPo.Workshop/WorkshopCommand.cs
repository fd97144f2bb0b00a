using System.CommandLine;
using System.CommandLine.Help;
using UniPo.Cli;
using UniPo.Workshop.Commands;

namespace UniPo.Workshop;

/// <summary>Puts the commands together and turns every fault into one sentence and an exit code.</summary>
internal static class WorkshopCommand
{
    private const string Name = "workshop";

    /// <summary>Runs one call.</summary>
    /// <param name="args">Name of the command and its options.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where faults go.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
                error.WriteLine(fault.Message);
            return ExitCode.Usage;
        }

        try
        {
            var settings = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
            };
            return await parsed.InvokeAsync(settings);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped. What was written so far is complete.");
            return ExitCode.Cancelled;
        }
        catch (Exception fault)
            when (fault is UsageException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            error.WriteLine(fault.Message);
            return ExitCode.Usage;
        }
    }

    private static Command Create() =>
        new(Name, "Makes the files of this repository that are generated: models, runs, pages and pictures.")
        {
            new HelpOption { Recursive = true },
            DocsCommand.Create(),
            GalleryCommand.Create(),
            MakeCheckpointsCommand.Create(),
            MakeRunsCommand.Create(),
            NoticesCommand.Create(),
        };
}
