namespace UniPo.Workshop.Tests.Support;

/// <summary>What one call of the maintainers' commands did.</summary>
internal sealed record Call(int ExitCode, string Output, string Error)
{
    /// <summary>Calls the command with these words, in this process.</summary>
    public static async Task<Call> Workshop(params string[] words)
    {
        using StringWriter output = new(),
            error = new();
        var code = await WorkshopCommand.Run(words, output, error);
        return new Call(code, output.ToString(), error.ToString());
    }
}
