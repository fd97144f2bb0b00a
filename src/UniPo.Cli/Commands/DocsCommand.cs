using System.CommandLine;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo docs</c>: writes the pages that are generated from the code.</summary>
internal static class DocsCommand
{
    private static readonly Option<string> _output = new("--output") { Description = "Folder of the pages.", DefaultValueFactory = _ => "docs" };

    public static Command Create()
    {
        var command = new Command("docs", "Writes docs/objectives.md, the table of all algorithms, from the code.") { _output };
        command.SetAction(Write);
        return command;
    }

    private static int Write(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_output);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "objectives.md");
        File.WriteAllText(path, ObjectivesPage.Write());
        parsed.InvocationConfiguration.Output.WriteLine($"Wrote {path}.");
        return ExitCode.Success;
    }
}
