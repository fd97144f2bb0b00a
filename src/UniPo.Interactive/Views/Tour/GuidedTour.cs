using System.Text.Json.Nodes;

namespace UniPo.Interactive;

/// <summary>
/// One training step told in six beats with its own numbers: prompts, responses, rewards, advantages, weights, update.
/// </summary>
/// <remarks>All six stand side by side; with a script they can be played, paused and stepped through.</remarks>
public sealed record GuidedTour : View
{
    /// <summary>The tour of a step.</summary>
    public GuidedTour(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Step = step;
    }

    /// <summary>The step.</summary>
    public TrainingStep Step { get; }

    private protected override string Element => "guided-tour";

    private protected override string[] StyleSections => ["tokens", "marks", "record", "tour"];

    private protected override void WriteHtml(HtmlWriter html)
    {
        if (Nothing is { } sentence)
            html.Element("p", sentence, ("class", "note"));
        else
            new GuidedTourHtml(new GuidedTourContent(Step), html).Write();
    }

    private protected override void WriteText(TextPage page)
    {
        if (Nothing is { } sentence)
            page.Line(sentence);
        else
            new GuidedTourText(new GuidedTourContent(Step), page).Write();
    }

    // The beats stand in the page already; an empty payload only says that a script may play them.
    private protected override JsonObject? Payload() => Nothing is null ? [] : null;

    private string? Nothing =>
        Step.Report is null
            ? "This step keeps no tokens, so there is nothing to tour. A trainer keeps them with TokensEvery = 1 in its options."
        : Step.Report.Batch.Responses.Count == 0 ? "This step holds no responses, so there is nothing to tour."
        : null;
}
