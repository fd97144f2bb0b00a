namespace UniPo;

public static partial class Glossary
{
    private static GlossaryTopic Preferences =>
        new(
            "Imitation and preferences",
            [
                new(
                    "supervised fine-tuning",
                    "Training on given responses: every token of them is made likelier, whatever the policy thinks of it."
                )
                {
                    Also = ["SFT", "imitation"],
                },
                new(
                    "selection",
                    "The rule that says which responses are imitated: all, those whose reward reaches a threshold, or the best of each group."
                ),
                new("rejection sampling", "Imitating the policy's own right responses and throwing the wrong ones away."),
                new("best-of-n", "Sampling n responses and keeping the best one, to show it or to imitate it.")
                {
                    Also = ["best of n"],
                },
                new(
                    "preference pair",
                    "Two responses to one prompt of which one is preferred: the chosen one (w, for winner) and the rejected one (l, for loser)."
                )
                {
                    Also = ["pair"],
                },
                new(
                    "implicit reward",
                    "β times how much likelier a response has become than under the reference policy: what DPO treats as its reward."
                ),
                new(
                    "margin",
                    "How much more the policy has moved towards the chosen response of a pair than towards the rejected one, in nats."
                )
                {
                    Symbol = "h_p",
                },
                new("label smoothing", "Taking a share of the preferences to be wrong, so that no pair is pushed for ever."),
            ]
        );

    private static GlossaryTopic Training =>
        new(
            "Training",
            [
                new("step", "One change of the parameters; here usually one rollout and what is learnt from it."),
                new(
                    "optimiser",
                    "The rule that turns a gradient into a change of the parameters; AdamW gives each parameter a step length of its own."
                )
                {
                    Also = ["AdamW"],
                },
                new("learning rate", "How far a step goes; too small and nothing happens, too large and the policy breaks."),
                new(
                    "gradient norm",
                    "The length of the gradient; longer ones are shortened to a limit, so that a single batch cannot ruin the policy."
                ),
                new("seed", "The number from which all random choices of a run follow: the same seed gives the same run."),
                new("run", "One training from its first to its last step, with everything that was measured on the way."),
                new("checkpoint", "A file with a model's parameters, from which a run can go on or a lesson can start."),
                new("metric", "A number measured at every step, for instance the mean reward."),
                new("held-out prompts", "Prompts that training never sees: only on them can learning be told from remembering.")
                {
                    Also = ["held-out"],
                },
                new(
                    "confidence interval",
                    "A range that holds the true value in 95 of 100 such experiments; when two of them overlap widely, the difference may be luck."
                )
                {
                    Also = ["interval"],
                },
                new("ablation", "Changing one part and leaving everything else as it was, to see what that part does."),
            ]
        );
}
