namespace UniPo.Cli;

/// <summary>The command was called wrongly, or a file it was given is missing or malformed. Ends with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
