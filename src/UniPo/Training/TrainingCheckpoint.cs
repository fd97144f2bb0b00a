using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

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
        Square = "optimizer.square";

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
        file.Metadata["silent_in_a_row"] = Text(progress.SilentInARow);
        foreach (var (name, value) in Settings(trainer))
            file.Metadata["run." + name] = value;
        if (trainer.Objective is PolicyObjective { Advantage: RunningMean { Baseline: { } baseline } })
            file.Metadata["baseline"] = Text(baseline);
        if (Coefficient(trainer.Objective) is { } coefficient)
            file.Metadata["kl_coefficient"] = Text(coefficient);
        return file;
    }

    /// <summary>Puts the state back. Nothing is changed when the file does not fit.</summary>
    /// <exception cref="InvalidDataException">The file is no training checkpoint, or belongs to another run.</exception>
    public static (TrainingProgress Progress, Objective Objective) Read(SafetensorsFile file, Trainer trainer, AdamW optimizer)
    {
        foreach (var (name, value) in Settings(trainer))
        {
            if (!file.Metadata.TryGetValue("run." + name, out var stored))
                throw new InvalidDataException($"{file.Origin} is no training checkpoint: its metadata has no 'run.{name}'.");
            if (stored != value)
                throw new InvalidDataException(
                    $"{file.Origin} belongs to another run: its {name.Replace('_', ' ')} is {stored}, but {value} was asked for."
                );
        }
        var progress = new TrainingProgress(Whole(file, "step"), Whole(file, "rollout"), Whole(file, "silent_in_a_row"));
        var parameters = trainer.Policy.Parameters;
        var (steps, objective) = (Whole(file, "optimizer_steps"), Adapted(file, trainer.Objective));
        ReadOnlySpan<float> mean = file.Read(Mean, [parameters.Count]),
            square = file.Read(Square, [parameters.Count]);
        try
        {
            AdamW.RequireMoments(mean, square);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"{file.Origin} is damaged: {fault.Message}", fault);
        }
        trainer.Policy.ReadFrom(file);
        optimizer.Restore(steps, mean, square);
        return (progress, objective);
    }

    private static Objective Adapted(SafetensorsFile file, Objective objective)
    {
        if (objective is not PolicyObjective parts)
            return objective;
        if (parts.Advantage is RunningMean mean && file.Metadata.ContainsKey("baseline"))
            parts = parts with { Advantage = mean with { Baseline = Real(file, "baseline") } };
        if (!file.Metadata.ContainsKey("kl_coefficient"))
            return parts;
        return parts with
        {
            Kl = parts.Kl switch
            {
                KlInLoss loss => loss with { Coefficient = Real(file, "kl_coefficient") },
                KlInReward reward => reward with { Coefficient = Real(file, "kl_coefficient") },
                var other => other,
            },
        };
    }

    /// <summary>What must be the same when a run goes on, by the name that an error uses.</summary>
    private static IEnumerable<(string Name, string Value)> Settings(Trainer trainer)
    {
        var options = trainer.Options;
        yield return ("algorithm", trainer.Objective.Name);
        yield return ("objective", trainer.ObjectiveSettings.Value);
        yield return ("task", trainer.Task.Name);
        yield return ("seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("prompts", Text(options.Prompts));
        yield return ("group", Text(trainer.Group));
        yield return ("passes", Text(trainer.Passes));
        yield return ("mini_batches", Text(trainer.MiniBatches));
        yield return ("temperature", Text(options.Temperature));
        yield return ("learning_rate", Text(options.LearningRate));
        yield return ("warmup_steps", Text(options.WarmupSteps));
        yield return ("decay", options.Decay.ToString());
        yield return ("weight_decay", Text(options.WeightDecay));
        yield return ("gradient_clip", options.GradientClip is { } clip ? Text(clip) : "none");
        yield return ("base_model", trainer.BaseFingerprint);
    }

    /// <summary>
    /// Tells apart base models by their weights, because the frozen reference is the base and is not stored again.
    /// </summary>
    public static string Fingerprint(ParameterSet parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        const int most = 1 << 20; // in pieces: the bytes of all may be more than a span can hold
        for (var at = 0; at < parameters.Count; at += most)
            hash.AppendData(MemoryMarshal.AsBytes(parameters.Values.AsSpan(at, Math.Min(most, parameters.Count - at))));
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static double? Coefficient(Objective objective) =>
        objective is PolicyObjective { Kl: var kl }
            ? kl switch
            {
                KlInLoss loss => loss.Coefficient,
                KlInReward reward => reward.Coefficient,
                _ => null,
            }
            : null;

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
            ? value
            : throw new InvalidDataException(
                $"{file.Origin} is no training checkpoint: its metadata '{key}' is '{file.Metadata.GetValueOrDefault(key)}', but must be a number."
            );
}

/// <summary>How far a run is.</summary>
/// <param name="Step">Optimiser steps taken.</param>
/// <param name="Rollout">Rollouts used up.</param>
/// <param name="SilentInARow">Rollouts without any spread of reward, the last ones.</param>
internal readonly record struct TrainingProgress(int Step, int Rollout, int SilentInARow);
