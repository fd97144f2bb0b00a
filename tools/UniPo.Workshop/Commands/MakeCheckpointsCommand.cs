using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using UniPo.Cli;

namespace UniPo.Workshop.Commands;

/// <summary><c>workshop make-checkpoints</c>: teaches the shipped base models anew, from nothing but their recipes.</summary>
internal static class MakeCheckpointsCommand
{
    private static readonly Option<string> _output = new("--output")
    {
        Description = "Folder of the .safetensors files.",
        DefaultValueFactory = _ => Path.Combine("data", "checkpoints"),
    };
    private static readonly Option<string[]> _only = new("--only")
    {
        Description = "Name of one base model; may be repeated.",
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var command = new Command(
            "make-checkpoints",
            "Teaches the shipped base models anew (about half a minute each) and writes them with their figures."
        )
        {
            _output,
            _only,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (folder, only, output) = (
            parsed.GetRequiredValue(_output),
            parsed.GetRequiredValue(_only),
            parsed.InvocationConfiguration.Output
        );
        foreach (var name in only)
            if (BaseModel.All.All(m => m.Name != name))
                throw new UsageException(
                    $"There is no base model '{name}'; the base models are {string.Join(", ", BaseModel.All.Select(m => m.Name))}."
                );
        try
        {
            Directory.CreateDirectory(folder);
            output.WriteLine("| file | bytes | held-out probability of the right answer | SHA-256 |");
            output.WriteLine("|---|---|---|---|");
            foreach (var model in BaseModel.All.Where(m => only.Length == 0 || only.Contains(m.Name)))
                Make(model, folder, output, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"Nothing can be written to '{folder}': {fault.Message}");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            parsed.InvocationConfiguration.Error.WriteLine("Cancelled; the models listed above are complete.");
            return ExitCode.Failure;
        }
        return ExitCode.Success;
    }

    private static void Make(BaseModel model, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        var policy = model.Make(cancellation: cancellationToken);
        var path = Path.Combine(folder, model.Name + ".safetensors");
        policy.Save(path);
        var accuracy = HeldOut.Measure(policy, model.Task);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| `{model.Name}.safetensors` | {new FileInfo(path).Length} | {accuracy.ExactProbability:0.000} | `{hash}` |"
            )
        );
    }
}
