namespace UniPo.Cli;

/// <summary>What the shell gets back.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Success = 0;

    /// <summary>The work itself failed: a cell threw, a check found something that blocks.</summary>
    public const int Failure = 1;

    /// <summary>Wrong usage, or a missing or malformed file. Nothing was overwritten.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by the user; what was done so far is kept. The number is the shells' own for Ctrl+C.</summary>
    public const int Cancelled = 130;
}
