using UniPo.Numerics;

namespace UniPo;

/// <summary>Prompts in two parts without overlap: one to train on, one to measure on.</summary>
/// <remarks>
/// The parts are drawn at random. A rule such as "every fourth" easily picks by something that matters: the last digit, a topic,
/// a length.
/// </remarks>
public sealed record PromptSplit
{
    private PromptSplit(IReadOnlyList<Prompt> training, IReadOnlyList<Prompt> heldOut) =>
        (Training, HeldOut) = (training, heldOut);

    /// <summary>Prompts to train on, in random order; at least one.</summary>
    public IReadOnlyList<Prompt> Training { get; }

    /// <summary>Prompts that training never sees, in random order; at least one.</summary>
    public IReadOnlyList<Prompt> HeldOut { get; }

    /// <summary>Divides prompts at random. The same seed gives the same parts.</summary>
    /// <param name="prompts">At least two different ones; one that is listed twice counts once.</param>
    /// <param name="heldOut">Share that is held out, in (0, 1); each part gets at least one prompt.</param>
    /// <param name="seed">Decides the order. It need not be the seed of a run: runs that are compared share their parts.</param>
    /// <exception cref="ArgumentException">There are fewer than two different prompts, or one has two answers.</exception>
    public static PromptSplit Of(IEnumerable<Prompt> prompts, double heldOut = 0.2, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        Require.That(heldOut, heldOut is > 0 and < 1, "The share held out", "lie in (0, 1)");
        Prompt[] all = [.. prompts.Distinct()];
        if (all.GroupBy(p => p.Text, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"A prompt needs one answer, but \"{twice.Key}\" has {string.Join(" and ", twice.Select(p => $"\"{p.Answer}\""))}."
            );
        if (all.Length < 2)
            throw new ArgumentException(
                $"Two parts need at least two different prompts, but there {(all.Length == 1 ? "was one" : "were none")}."
            );
        new SeededRandom(seed).Shuffle(all.AsSpan());
        var count = Math.Clamp((int)Math.Round(all.Length * heldOut), 1, all.Length - 1);
        return new PromptSplit(all[count..], all[..count]);
    }

    /// <summary>For instance <c>80 prompts for training, 20 held out</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Training.Count} prompts for training, {HeldOut.Count} held out");
}
