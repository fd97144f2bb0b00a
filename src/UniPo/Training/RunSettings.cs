using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace UniPo;

/// <summary>Everything that decides how a run goes, by the name that a message uses.</summary>
/// <remarks>
/// Two runs with the same settings are the same run, step by step. So their digest is a run's identity: its log and its
/// checkpoint carry it, and a run goes on only from files that carry its own.
/// </remarks>
internal sealed class RunSettings
{
    /// <summary>Prefix of the names of the objective's settings.</summary>
    public const string Objective = "objective.";

    /// <summary>Names of an objective are labels, and what is computed from the options is stored as what came out.</summary>
    private static readonly string[] _labels =
    [
        nameof(UniPo.Objective.Name),
        nameof(UniPo.Objective.Paper),
        nameof(UniPo.Objective.Year),
        nameof(UniPo.Objective.Why),
    ];

    /// <summary>Options that change no step, or that are stored as what came out of them.</summary>
    private static readonly string[] _notCompared =
    [
        nameof(TrainerOptions.Threads),
        nameof(TrainerOptions.Model),
        nameof(TrainerOptions.PlannedSteps),
        nameof(TrainerOptions.Group),
        nameof(TrainerOptions.Passes),
        nameof(TrainerOptions.MiniBatches),
    ];

    private RunSettings(IReadOnlyList<(string Name, string Value)> all)
    {
        All = all;
        Identity = Digest(all.Select(s => $"{s.Name}={s.Value}"));
    }

    /// <summary>Each setting, the most important ones first.</summary>
    public IReadOnlyList<(string Name, string Value)> All { get; }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public string Identity { get; }

    /// <summary>The settings of a trainer that has not taken a step.</summary>
    public static RunSettings Of(Trainer trainer, Objective objective, string baseModel) =>
        new([
            ("algorithm", objective.Name),
            ("task", trainer.Task.Name),
            ("seed", trainer.Options.Seed.ToString(CultureInfo.InvariantCulture)),
            ("group", Text(trainer.Group)),
            ("passes", Text(trainer.Passes)),
            ("mini-batches", Text(trainer.MiniBatches)),
            .. WrittenForm
                .Of(trainer.Options, [.. _notCompared, nameof(TrainerOptions.Seed)])
                .Select(s => (Words(s.Path), s.Value)),
            .. OfTask(trainer.Task),
            ("base model", baseModel),
            .. WrittenForm.Of(objective, _labels).Select(s => (Objective + s.Path, s.Value)),
        ]);

    /// <summary>
    /// Tells apart base models by their weights, because the frozen reference is the base and is not stored again.
    /// </summary>
    public static string Fingerprint(ParameterSet parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        const int Most = 1 << 20; // in parts: the bytes of all may be more than a span can hold
        for (var at = 0; at < parameters.Count; at += Most)
            hash.AppendData(MemoryMarshal.AsBytes(parameters.Values.AsSpan(at, Math.Min(Most, parameters.Count - at))));
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 8));
    }

    /// <summary>A reward function cannot be compared; what the task says of itself, and its prompts, can.</summary>
    private static IEnumerable<(string, string)> OfTask(ITask task)
    {
        yield return ("task's kind", task.GetType().Name);
        yield return ("task's description", task.Description);
        yield return ("task's length limit", Text(task.MaxTokens));
        yield return ("task's reward names", string.Join(", ", task.RewardNames));
        yield return (
            "task's vocabulary",
            task.Vocabulary is { } vocabulary ? string.Join(' ', vocabulary.Symbols) : WrittenForm.None
        );
        yield return ("task's training prompts", Prompts(task.TrainingPrompts));
        yield return ("task's held-out prompts", Prompts(task.HeldOutPrompts));
    }

    private static string Prompts(IReadOnlyList<Prompt> prompts) =>
        $"{Text(prompts.Count)} with the digest {Digest(prompts.Select(p => $"{p.Text}\n{p.Answer}"))}";

    private static string Digest(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]); // so that "ab", "c" is not "a", "bc"
        }
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 8));
    }

    /// <summary>The words of a property's name: LearningRate is the learning rate.</summary>
    private static string Words(string property) =>
        string.Concat(
            property.Select(
                (c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()
            )
        );

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
