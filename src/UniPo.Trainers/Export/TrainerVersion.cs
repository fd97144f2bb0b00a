namespace UniPo;

/// <summary>The version of a trainer whose sources an export was checked against.</summary>
/// <param name="Trainer">The trainer as it writes itself.</param>
/// <param name="Version">Its version.</param>
/// <param name="Commit">Commit of its repository.</param>
/// <param name="Date">Day of that commit.</param>
public sealed record TrainerVersion(string Trainer, string Version, string Commit, DateOnly Date)
{
    /// <summary>The version that exports to a framework were checked against.</summary>
    /// <param name="framework">TRL, verl or OpenRLHF.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no export to it.</exception>
    public static TrainerVersion Of(Framework framework) =>
        framework switch
        {
            Framework.Trl => new("TRL", "1.10.0.dev0", "f2cd577", new DateOnly(2026, 7, 24)),
            Framework.Verl => new("verl", "0.10.0.dev", "1dda039", new DateOnly(2026, 8, 22)),
            Framework.OpenRlhf => new("OpenRLHF", "0.11.0", "3c3be62", new DateOnly(2026, 8, 1)),
            _ => throw new ArgumentOutOfRangeException(nameof(framework), framework, "Exports exist for Trl, Verl and OpenRlhf."),
        };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Trainer} {Version} ({Commit}, {Date:MMMM yyyy})");
}
