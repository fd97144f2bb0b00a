namespace UniPo.Cli.Running;

/// <summary>What is left on a terminal after a text with carriage returns: a progress line shows its last state only.</summary>
internal static class TerminalText
{
    /// <summary>Applies the carriage returns of a text; what follows one overwrites its line from the start.</summary>
    public static string Overwrite(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return text.Contains('\r', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(OverwriteLine)) : text;
    }

    private static string OverwriteLine(string line)
    {
        var shown = "";
        foreach (var part in line.Split('\r'))
            shown = part.Length >= shown.Length ? part : part + shown[part.Length..];
        return shown.TrimEnd(' ');
    }
}
