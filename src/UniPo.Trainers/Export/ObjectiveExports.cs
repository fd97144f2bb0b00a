namespace UniPo;

/// <summary>
/// The way out to several machines: writes an objective as the settings of a trainer that runs on distributed engines.
/// </summary>
public static class ObjectiveExports
{
    /// <summary>The TRL configuration that computes this objective.</summary>
    /// <param name="objective">The objective.</param>
    /// <exception cref="ExportRefusedException">TRL cannot compute a part of it; the exception names the part and the
    /// reason.</exception>
    public static TrainerExport ToTrl(this Objective objective) => Export(objective, Framework.Trl);

    /// <summary>The verl configuration (YAML, or overrides by key) that computes this objective.</summary>
    /// <param name="objective">The objective.</param>
    /// <exception cref="ExportRefusedException">verl cannot compute a part of it; the exception names the part and the
    /// reason.</exception>
    public static TrainerExport ToVerl(this Objective objective) => Export(objective, Framework.Verl);

    /// <summary>The OpenRLHF arguments that compute this objective.</summary>
    /// <param name="objective">The objective.</param>
    /// <exception cref="ExportRefusedException">OpenRLHF cannot compute a part of it; the exception names the part and the
    /// reason.</exception>
    public static TrainerExport ToOpenRlhf(this Objective objective) => Export(objective, Framework.OpenRlhf);

    /// <summary>What a trainer cannot compute of this objective; empty when it can be exported.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="framework">TRL, verl or OpenRLHF.</param>
    public static IReadOnlyList<ExportRefusal> RefusalsOf(this Objective objective, Framework framework) =>
        Attempt(objective, framework).Sheet.Refusals;

    /// <summary>Names of the trainers that can compute this objective, for instance <c>TRL</c>; empty when none can.</summary>
    /// <param name="objective">The objective.</param>
    public static IReadOnlyList<string> TrainersOf(this Objective objective) =>
        [
            .. new[] { Framework.Trl, Framework.Verl, Framework.OpenRlhf }
                .Where(f => objective.RefusalsOf(f).Count == 0)
                .Select(ExportText.Name),
        ];

    /// <summary>The export to a framework that is only known at run time.</summary>
    internal static TrainerExport To(Objective objective, Framework framework) => Export(objective, framework);

    private static TrainerExport Export(Objective objective, Framework framework)
    {
        var (program, sheet) = Attempt(objective, framework);
        if (sheet.Refusals.Count > 0)
            throw new ExportRefusedException(objective, framework, sheet.Refusals);
        return new TrainerExport(objective, framework, program, sheet);
    }

    private static (string Program, ExportSheet Sheet) Attempt(Objective objective, Framework framework)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var sheet = new ExportSheet();
        var program = framework switch
        {
            Framework.Trl => TrlExporter.Write(objective, sheet),
            Framework.Verl => VerlExporter.Write(objective, sheet),
            Framework.OpenRlhf => OpenRlhfExporter.Write(objective, sheet),
            _ => throw new ArgumentOutOfRangeException(nameof(framework), framework, "Exports exist for Trl, Verl and OpenRlhf."),
        };
        TrainerKeys.Check(framework, program, sheet);
        return (program, sheet);
    }
}
