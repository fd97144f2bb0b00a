using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// One prompt and its group of answers over a training: every token a bar of its probability, in the colour of its push, so that
/// one answer is seen losing to another.
/// </summary>
/// <remarks>
/// Made of a run whose kept steps hold the same answers (<see cref="TrainerExtensions.Follow"/>); of any other run that keeps
/// tokens, the prompt that occurs most often is shown with what was sampled for it. Without a script three steps stand side by
/// side; with one, a scrubber runs over all of them.
/// </remarks>
public sealed record Moment : View
{
    /// <summary>The moment of a run.</summary>
    /// <param name="run">Its kept steps hold tokens.</param>
    public Moment(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Run = run;
    }

    /// <summary>The run.</summary>
    public TrainingRun Run { get; }

    /// <summary>Text of the prompt that is shown; null for the one that occurs most often.</summary>
    public string? Prompt { get; init; }

    /// <summary>Other objectives that a reader may put in the place of the run's; empty for the usual ones.</summary>
    public IReadOnlyList<Objective> Others { get; init; } = [];

    private protected override string Element => "moment";

    private protected override string[] StyleSections => ["tokens", "marks", "lines", "plots", "card", "moment"];

    private protected override IEnumerable<Block> Blocks() => new MomentContent(this).Blocks();

    private protected override JsonObject? Payload() => new MomentContent(this).Payload();
}
