using System.CommandLine;
using System.CommandLine.Help;
using UniPo.Cli.Commands;

namespace UniPo.Cli;

/// <summary>Puts the commands together and turns every fault into one sentence and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one call of <c>unipo</c>.</summary>
    /// <param name="args">The words after <c>unipo</c>.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where faults go.</param>
    /// <param name="cancellationToken">Stops the command within one cell or training step.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(
        string[] args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default
    )
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
                error.WriteLine(fault.Message);
            error.WriteLine($"Try: unipo {CommandPath(parsed)}--help");
            return ExitCode.Usage;
        }

        try
        {
            var settings = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,

                // After Ctrl+C a command still writes what it has.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
            };
            return await parsed.InvokeAsync(settings, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped. What was done so far is kept.");
            return ExitCode.Cancelled;
        }
        catch (Exception fault)
            when (fault is UsageException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            error.WriteLine(fault.Message);
            return ExitCode.Usage;
        }
    }

    // Not a RootCommand: that would call itself after the assembly, and "unipo" is what a reader types.
    private static Command Create() =>
        new("unipo", "UniPo: policy optimization for language models, to be read, run and changed.")
        {
            new HelpOption { Recursive = true },
            new VersionOption(),
            RunCommand.Create(),
            ExportCommand.Create(),
            TrainCommand.Create(),
            CompareCommand.Create(),
            ViewCommand.Create(),
            DiagnoseCommand.Create(),
            WhichCommand.Create(),
            DoctorCommand.Create(),
        };

    private static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is { Name: not "unipo" } command ? command.Name + " " : "";
}
