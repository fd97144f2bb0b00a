namespace UniPo;

/// <summary>The settings that make another trainer compute an objective, ready to be pasted into its configuration.</summary>
public sealed class TrainerExport
{
    internal TrainerExport(Objective objective, Framework framework, string program, ExportSheet sheet) =>
        (Objective, Framework, Program, Settings, Warnings) = (objective, framework, program, sheet.Settings, sheet.Warnings);

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>The trainer.</summary>
    public Framework Framework { get; }

    /// <summary>
    /// The class or command the settings belong to: <c>GRPOConfig</c>, <c>verl.trainer.main_ppo</c>,
    /// <c>openrlhf.cli.train_ppo_ray</c>.
    /// </summary>
    public string Program { get; }

    /// <summary>The trainer's version that every key was checked against, for instance <c>TRL 1.10.0.dev0 (f2cd577)</c>.</summary>
    public string CheckedAgainst => TrainerVersion.Of(Framework).ToString();

    /// <summary>
    /// The settings that decide the objective; everything else (model, data, learning rate) stays as the trainer has it.
    /// </summary>
    public IReadOnlyList<ExportedSetting> Settings { get; }

    /// <summary>Small differences that remain, and traps of this trainer that these settings come near.</summary>
    public IReadOnlyList<ExportWarning> Warnings { get; }

    /// <summary>The value of a setting.</summary>
    /// <param name="key">Its name as the trainer writes it.</param>
    /// <exception cref="KeyNotFoundException">The export does not set it.</exception>
    public object? this[string key] =>
        (
            Settings.FirstOrDefault(s => s.Key == key)
            ?? throw new KeyNotFoundException(
                $"The export to {Framework} does not set {key}; it sets {string.Join(", ", Settings.Select(s => s.Key))}."
            )
        ).Value;

    /// <summary>
    /// The text to paste: Python for TRL, YAML for verl, a command line for OpenRLHF; warnings are comments in it.
    /// </summary>
    public override string ToString() =>
        Framework switch
        {
            Framework.Trl => ExportText.Python(this),
            Framework.Verl => ExportText.Yaml(this),
            _ => ExportText.CommandLine(this),
        };
}
