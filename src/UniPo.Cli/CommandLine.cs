using System.CommandLine;
using System.CommandLine.Help;
using UniPo.Cli.Commands;
using UniPo.Cli.Terminal;

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
        (output, error) = (new TerminalWriter(output), new TerminalWriter(error));
        var root = Create();
        var parsed = root.Parse(args.Length > 0 ? args : ["--help"], _parsing);
        if (parsed.Errors.Count > 0)
        {
            // One fault is enough to mend first, and one line is enough to read.
            error.WriteLine(TerminalText.Sentence(parsed.Errors[0].Message + Suggestion(parsed)));
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
        catch (Exception fault) when (IsOfUser(fault))
        {
            error.WriteLine(TerminalText.Sentence(fault.Message));
            return ExitCode.Usage;
        }
        catch (Exception fault)
        {
            // A fault of this program itself: its kind and its words help to report it, its stack helps no reader.
            error.WriteLine(TerminalText.Sentence($"A fault of unipo itself, {fault.GetType().Name}: {fault.Message}"));
            return ExitCode.Failure;
        }
    }

    private static bool IsOfUser(Exception fault) =>
        fault is UsageException or IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException;

    // A file of arguments behind an @ would be one more foreign text to read.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    private static string Suggestion(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var names = command
            .Subcommands.Where(c => !c.Hidden)
            .Select(c => c.Name)
            .Concat(command.Options.SelectMany(o => o.Aliases.Append(o.Name)));
        return parsed.UnmatchedTokens.Count > 0 ? Nearest.Question(parsed.UnmatchedTokens[0], names) : "";
    }

    /// <summary>All commands, with the rules that hold for the values of each.</summary>
    internal static Command Create()
    {
        var root = Commands();
        NumberOption.ApplyTo(root);
        TextOption.ApplyTo(root);
        return root;
    }

    // Not a RootCommand: that would call itself after the assembly, and "unipo" is what a reader types.
    private static Command Commands() =>
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
