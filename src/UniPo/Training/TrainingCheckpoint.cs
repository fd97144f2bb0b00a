using System.Globalization;

namespace UniPo;

/// <summary>
/// A run's whole state between two rollouts: weights, optimiser moments, what the objective adapted, and how far it is.
/// </summary>
/// <remarks>
/// Random numbers need no state of their own: each is drawn from a stream named by seed and rollout. The file is an ordinary
/// <c>.safetensors</c>; the policy adds its own state, so that a <see cref="TinyTransformer"/> can also be loaded from it as a model.
/// </remarks>
internal static class TrainingCheckpoint
{
    private const string Mean = "optimizer.mean",
        Square = "optimizer.square",
        Setting = "run.",
        Planned = "planned_steps",
        Coefficient = "kl_coefficient",
        Baseline = "baseline";

    public static SafetensorsFile Write(Trainer trainer, TrainingProgress progress, AdamW optimizer)
    {
        var file = new SafetensorsFile();
        var parameters = trainer.Policy.Parameters;
        trainer.Policy.AddTo(file);
        file.Add(Mean, [parameters.Count], optimizer.Mean);
        file.Add(Square, [parameters.Count], optimizer.Square);
        file.Metadata["optimizer_steps"] = Text(optimizer.Steps);
        file.Metadata["step"] = Text(progress.Step);
        file.Metadata["rollout"] = Text(progress.Rollout);
        file.Metadata["watch"] = progress.Watch.ToString();
        if (progress.PlannedSteps is { } planned)
            file.Metadata[Planned] = Text(planned);
        foreach (var (name, value) in trainer.Settings.All)
            file.Metadata[Setting + name] = value;
        if (trainer.Objective is PolicyObjective { Advantage: RunningMean { Baseline: { } baseline } })
            file.Metadata[Baseline] = Text(baseline);
        if (CoefficientOf(trainer.Objective) is { } coefficient)
            file.Metadata[Coefficient] = Text(coefficient);
        return file;
    }

    /// <summary>Compares every setting of a run with those of the checkpoint.</summary>
    /// <exception cref="InvalidDataException">The file is no training checkpoint, or one setting is another; the message names
    /// it with both values.</exception>
    public static void Verify(SafetensorsFile file, RunSettings settings, int? plannedSteps)
    {
        if (!file.Metadata.ContainsKey(Setting + settings.All[0].Name))
            throw new InvalidDataException(
                $"{file.Origin} is no training checkpoint: its metadata has no '{Setting}{settings.All[0].Name}'."
            );
        var stored = file
            .Metadata.Where(m => m.Key.StartsWith(Setting, StringComparison.Ordinal))
            .ToDictionary(m => m.Key[Setting.Length..], m => m.Value);
        var asked = settings.All.ToDictionary(s => s.Name, s => s.Value);
        string[] differing =
        [
            .. asked
                .Keys.Union(stored.Keys.Order(StringComparer.Ordinal))
                .Where(name =>
                    stored.GetValueOrDefault(name, WrittenForm.None) != asked.GetValueOrDefault(name, WrittenForm.None)
                ),
        ];
        if (differing.Length > 0)
            throw Another(file, differing, stored, asked);
        if (
            plannedSteps is { } plan
            && file.Metadata.ContainsKey(Planned)
            && Whole(file, Planned) is var before
            && before != plan
        )
            throw Another(file, "planned steps are", Text(before), Text(plan));
    }

    /// <summary>Steps taken when the checkpoint was made.</summary>
    public static int StepsTaken(SafetensorsFile file) => Whole(file, "step");

    /// <summary>Puts the state back. Nothing is changed when the file does not fit.</summary>
    /// <exception cref="InvalidDataException">The file holds no state of this run, or a damaged one.</exception>
    public static (TrainingProgress Progress, Objective Objective) Read(SafetensorsFile file, Trainer trainer, AdamW optimizer)
    {
        var parameters = trainer.Policy.Parameters;
        var (mean, square) = (Finite(file, Mean, [parameters.Count]), Finite(file, Square, [parameters.Count]));
        try
        {
            var progress = new TrainingProgress(
                StepsTaken(file),
                Whole(file, "rollout"),
                WatchState.Parse(file.Metadata.GetValueOrDefault("watch") ?? ""),
                file.Metadata.ContainsKey(Planned) ? Whole(file, Planned) : null
            );
            var (steps, objective) = (Whole(file, "optimizer_steps"), Adapted(file, trainer.Objective));
            AdamW.RequireMoments(mean, square);
            trainer.Policy.ReadFrom(file);
            optimizer.Restore(steps, mean, square);
            return (progress, objective);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{file.Origin} is damaged: {e.Message}", e);
        }
    }

    private static InvalidDataException Another(
        SafetensorsFile file,
        string[] differing,
        Dictionary<string, string> stored,
        Dictionary<string, string> asked
    )
    {
        if (!differing[0].StartsWith(RunSettings.Objective, StringComparison.Ordinal))
            return Another(
                file,
                $"{differing[0]} is",
                stored.GetValueOrDefault(differing[0], WrittenForm.None),
                asked.GetValueOrDefault(differing[0], WrittenForm.None)
            );
        const int Shown = 4; // one other part brings settings of its own along; a few of them say which
        string Written(Dictionary<string, string> settings) =>
            string.Join(
                ", ",
                differing
                    .Take(Shown)
                    .Select(name =>
                        $"{name[RunSettings.Objective.Length..]} = {settings.GetValueOrDefault(name, WrittenForm.None)}"
                    )
            );
        return Another(file, "objective is written with", Written(stored), Written(asked));
    }

    private static InvalidDataException Another(SafetensorsFile file, string what, string stored, string asked) =>
        new($"{file.Origin} belongs to another run: its {Short(what)} {Short(stored)}, but {Short(asked)} was asked for.");

    // A list of prompts, or what is left of one in a damaged file, has no end.
    private static string Short(string text) => text.Length <= 200 ? text : text[..199] + "…";

    private static Objective Adapted(SafetensorsFile file, Objective objective)
    {
        if (objective is not PolicyObjective parts)
            return objective;
        if (parts.Advantage is RunningMean mean && file.Metadata.ContainsKey(Baseline))
            parts = parts with { Advantage = mean with { Baseline = Real(file, Baseline) } };
        if (!file.Metadata.ContainsKey(Coefficient))
            return parts;
        return parts with
        {
            Kl = parts.Kl switch
            {
                KlInLoss loss => loss with { Coefficient = Real(file, Coefficient) },
                KlInReward reward => reward with { Coefficient = Real(file, Coefficient) },
                var other => other,
            },
        };
    }

    private static double? CoefficientOf(Objective objective) =>
        objective is PolicyObjective { Kl: var kl }
            ? kl switch
            {
                KlInLoss loss => loss.Coefficient,
                KlInReward reward => reward.Coefficient,
                _ => null,
            }
            : null;

    private static float[] Finite(SafetensorsFile file, string name, IReadOnlyList<int> shape)
    {
        float[] values = [.. file.Read(name, shape)];
        foreach (var value in values)
            if (!float.IsFinite(value))
                throw new InvalidDataException(
                    FormattableString.Invariant($"{file.Origin} is damaged: the tensor '{name}' holds {value}.")
                );
        return values;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static int Whole(SafetensorsFile file, string key) =>
        int.TryParse(file.Metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException(
                $"{file.Origin} is no training checkpoint: its metadata '{key}' is '{file.Metadata.GetValueOrDefault(key) ?? "missing"}', but must be a whole number."
            );

    private static double Real(SafetensorsFile file, string key) =>
        double.TryParse(file.Metadata.GetValueOrDefault(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : throw new InvalidDataException(
                $"{file.Origin} is no training checkpoint: its metadata '{key}' is '{file.Metadata.GetValueOrDefault(key)}', but must be a finite number."
            );
}

/// <summary>How far a run is.</summary>
/// <param name="Step">Optimiser steps taken.</param>
/// <param name="Rollout">Rollouts used up.</param>
/// <param name="Watch">What was noticed so far.</param>
/// <param name="PlannedSteps">Length of the whole run, which its schedule follows; null while nobody has said it.</param>
internal readonly record struct TrainingProgress(int Step, int Rollout, WatchState Watch, int? PlannedSteps);
