namespace UniPo.Cli.Tests.Support;

/// <summary>What one call of the command line did.</summary>
internal sealed record Call(int ExitCode, string Output, string Error)
{
    /// <summary>Calls <c>unipo</c> with these words, in this process.</summary>
    public static async Task<Call> Unipo(params string[] words)
    {
        using StringWriter output = new(),
            error = new();
        var code = await CommandLine.Run(words, output, error);
        return new Call(code, output.ToString(), error.ToString());
    }
}
