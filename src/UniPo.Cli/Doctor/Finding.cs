namespace UniPo.Cli.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>As it should be, or only for information.</summary>
    Fine,

    /// <summary>Not there, and not needed.</summary>
    Absent,

    /// <summary>Something works less well.</summary>
    Notice,

    /// <summary>UniPo does not work like this.</summary>
    Blocks,
}

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Value">What was found.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Fix">What to do about it; null when nothing is to be done.</param>
internal sealed record Finding(string Subject, string Value, Severity Severity = Severity.Fine, string? Fix = null);
