using System.CommandLine;
using UniPo.Cli.Doctor;

namespace UniPo.Cli.Commands;

/// <summary><c>unipo doctor</c>: what this machine has, what is missing, and one fix for each problem.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Says what this machine has, what is missing, and how to mend it.");
        command.SetAction(Examine);
        return command;
    }

    private static async Task<int> Examine(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        List<Finding> all = [];
        await Tell("Machine", await MachineCheck.Run());
        await Tell("Packages", await Packages());
        await Tell("Models and tools", await ToolCheck.Run());
        await Tell("Hosts", await HostCheck.Run());
        await Tell("Sources", await FeedCheck.Run());

        var blocking = all.Count(f => f.Severity == Severity.Blocks);
        var notices = all.Count(f => f.Severity == Severity.Notice);
        await output.WriteLineAsync(
            blocking == 0
                ? $"Nothing blocks.{(notices > 0 ? $" {Things(notices)} could be better, marked with !." : "")}"
                : $"{Things(blocking)} {(blocking == 1 ? "blocks" : "block")}, marked with ✗."
        );
        return blocking == 0 ? ExitCode.Success : ExitCode.Failure;

        static string Things(int count) => count == 1 ? "1 thing" : $"{count} things";

        async Task Tell(string heading, IReadOnlyList<Finding> findings)
        {
            all.AddRange(findings);
            await output.WriteLineAsync(heading);
            foreach (var finding in findings)
            {
                var mark = finding.Severity switch
                {
                    Severity.Fine => "✓",
                    Severity.Absent => "·",
                    Severity.Notice => "!",
                    _ => "✗",
                };
                await output.WriteLineAsync($"  {mark} {finding.Subject}: {finding.Value}");
                if (finding.Fix is { } fix)
                    await output.WriteLineAsync($"      → {fix}");
            }
        }
    }

    private static async Task<IReadOnlyList<Finding>> Packages()
    {
        if (PackageCheck.FindRepository(Directory.GetCurrentDirectory()) is not { } repository)
            return [new Finding("sources", "not in UniPo's tree; packages are not checked")];
        var cache =
            await ShellCommand.Ask(DotNetHost.Path, "nuget", "locals", "global-packages", "--list") is { } line
            && line.Split(' ', 2) is [_, var path]
                ? path.Trim()
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return new PackageCheck(repository, cache).Run();
    }
}
