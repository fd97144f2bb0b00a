using System.CommandLine;
using UniPo.Cli;
using UniPo.Workshop.Docs;

namespace UniPo.Workshop.Commands;

/// <summary><c>workshop notices</c>: writes which packages of others the tool holds, and under which terms.</summary>
internal static class NoticesCommand
{
    private static readonly Option<string> _output = new("--output")
    {
        Description = "The file.",
        DefaultValueFactory = _ => "THIRD-PARTY-NOTICES.md",
    };

    /// <summary>What the command line beside this program needs to run.</summary>
    public static string Dependencies => Path.Combine(AppContext.BaseDirectory, "UniPo.Cli.deps.json");

    /// <summary>NuGet's folder of restored packages.</summary>
    public static string Packages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static Command Create()
    {
        var command = new Command("notices", "Writes THIRD-PARTY-NOTICES.md from what the command line is built with.")
        {
            _output,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(_output);
            File.WriteAllText(path, NoticesPage.Write(Dependencies, Packages));
            parsed.InvocationConfiguration.Output.WriteLine($"Wrote {path}.");
            return ExitCode.Success;
        });
        return command;
    }
}
