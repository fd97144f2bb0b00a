using UniPo.Interactive;

namespace UniPo.Workshop.Gallery;

/// <summary>All views, in the order of the README.</summary>
internal static class Pictures
{
    private const string FirstToken = "document.querySelector('[data-at]')?.focus()";

    // A reader's hand on the first knob: another algorithm on the same responses.
    private const string OtherAlgorithm = """
        (() => {
          const knob = document.querySelector('.knobs select, fieldset select, select');
          knob.selectedIndex = 1;
          knob.dispatchEvent(new Event('input', { bubbles: true }));
          knob.dispatchEvent(new Event('change', { bubbles: true }));
        })()
        """;

    /// <summary>The pictures of this data.</summary>
    public static IReadOnlyList<Picture> Of(GallerySamples data) =>
        [
            new(
                "token-table",
                "Token table",
                "Responses to two sums, every token coloured by the push that GRPO gives it, with reward, advantage and the reason for the first token’s weight.",
                "grpo.Evaluate(batch).Tokens()",
                () => data.Report.Tokens() with { Prompts = 2 }
            )
            {
                Before = FirstToken,
            },
            new(
                "learning-curves",
                "Learning curves",
                "Reward, loss, gradient norm, KL, entropy, length and clipped share over the steps of a run.",
                "run.Curves()",
                () => data.Run.Curves()
            )
            {
                Width = 1212,
            },
            new(
                "explorer",
                "Explorer",
                "Overview, one step with its tokens, and the formula with one token’s numbers in it, connected.",
                "run.Explore()",
                () => data.Run.Explore()
            )
            {
                Width = 1212,
                Height = 1250,
            },
            new(
                "what-if",
                "What if",
                "Sliders for the settings beside the tokens: the weights as they are, and as they would be.",
                "report.WhatIf(Algorithms.DrGrpo)",
                () => new WhatIf(data.Report) { Others = [Algorithms.DrGrpo, Algorithms.Dapo, Algorithms.Reinforce] }
            )
            {
                Height = 1100,
                Before = OtherAlgorithm,
            },
            new(
                "clip-plot",
                "Clip plot",
                "The objective’s term against the ratio for both signs of the advantage, the batch’s tokens as dots, and the six cases of clipping.",
                "report.ClipPlot()",
                () => data.Report.ClipPlot()
            ),
            new(
                "formula-card",
                "Formula card",
                "GRPO in its formula and its parts in words, with settings and source.",
                "Algorithms.Grpo",
                () => Algorithms.Grpo.Card()
            ),
            new(
                "difference",
                "Difference of two algorithms",
                "GRPO against Dr. GRPO, part by part, with what differs marked.",
                "Algorithms.Grpo.Against(Algorithms.DrGrpo)",
                () => new DifferenceCard(Algorithms.Grpo.Against(Algorithms.DrGrpo))
            ),
            new(
                "compared-tokens",
                "The same rollout, several algorithms",
                "The same responses under GRPO, Dr. GRPO and REINFORCE, side by side.",
                "Compare.OnSameRollouts(batch, Algorithms.Grpo, Algorithms.DrGrpo, Algorithms.Reinforce)",
                () =>
                    new Objective[] { Algorithms.Grpo, Algorithms.DrGrpo, Algorithms.Reinforce }
                        .Select(o => o.Evaluate(data.Report.Batch))
                        .SideBySide()
            ),
            new(
                "comparison",
                "Algorithms over seeds",
                "Three algorithms with five seeds each: a ranking with intervals, and the curves with bands.",
                "runs.Ranking()",
                () => data.Seeds.Ranking()
            )
            {
                Width = 1212,
            },
            new(
                "distributions",
                "Distributions",
                "How ratios, advantages, KL and lengths are spread over a batch, with the clip bounds.",
                "report.Distributions()",
                () => data.Report.Distributions()
            ),
            new(
                "radial-overview",
                "Radial overview",
                "The metrics of a run as rings around a clock of its steps.",
                "run.Radial()",
                () => data.Run.Radial()
            ),
            new(
                "moment",
                "The moment",
                "One prompt and its group of answers over a training: bars of probability in the colours of push, and a scrubber.",
                "trainer.Follow(steps, prompt).Moment()",
                () => data.Followed.Moment()
            ),
            new(
                "live",
                "Live",
                "Curves that grow while the run is trained, and how far it is.",
                "trainer.Train(150, live: true)",
                () => new LiveCurves(data.Beginning, data.Run.Steps.Count)
            )
            {
                Width = 1212,
            },
        ];
}
