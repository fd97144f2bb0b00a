namespace UniPo;

public static partial class Glossary
{
    private static GlossaryTopic Objectives =>
        new(
            "Objectives",
            [
                new(
                    "objective",
                    "The number that a step makes larger: it says, in one formula, what an algorithm wants of the policy."
                )
                {
                    Symbol = "J",
                },
                new(
                    "loss",
                    "The objective with its sign turned, which a step makes smaller; for a pair of responses, what the pair costs."
                )
                {
                    Symbol = "L",
                },
                new("gradient", "The direction in which the parameters must change for the objective to grow fastest.")
                {
                    Symbol = "∇",
                },
                new(
                    "policy gradient",
                    "The gradient of the expected reward, estimated from samples: push the log-probability of each token, weighed by how good it was."
                ),
                new(
                    "weight",
                    "How hard an update pushes the log-probability of a token: the derivative of the objective with respect to it, above 0 for up and below 0 for down."
                )
                {
                    Symbol = "w_it",
                },
                new("term", "What a single token adds to the objective before aggregation.") { Symbol = "f_it" },
                new(
                    "surrogate objective",
                    "An objective whose value means little, but whose gradient at the old policy is that of the expected reward; PPO and its kin maximise one."
                )
                {
                    Also = ["surrogate"],
                },
                new("stop-gradient", "Treating a number as a constant: its value counts, but no gradient flows through it.")
                {
                    Symbol = "sg",
                    Also = ["detach"],
                },
                new("entropy bonus", "A small reward for staying undecided, so that the policy keeps trying other tokens."),
                new(
                    "algorithm",
                    "A choice of parts (advantage, ratio, trust region, aggregation, KL) and of a sampling plan; its name is a label on the choice."
                ),
            ]
        );

    private static GlossaryTopic Distance =>
        new(
            "Staying close",
            [
                new(
                    "importance ratio",
                    "The probability of a token now, divided by its probability when it was sampled: above 1 it has become likelier, at the first step it is exactly 1."
                )
                {
                    Symbol = "r_it",
                    Also = ["ratio"],
                },
                new(
                    "sequence ratio",
                    "One importance ratio for a whole response: the product of its tokens' ratios, or their geometric mean, which does not explode with length."
                )
                {
                    Symbol = "s_i",
                },
                new(
                    "trust region",
                    "The limits within which old samples are still trusted; a token that has moved beyond them in the wanted direction is pushed no further."
                ),
                new(
                    "clip",
                    "The usual trust region: beyond 1 − ε or 1 + ε the term becomes constant, so the token gets no gradient; the way back stays open."
                )
                {
                    Symbol = "ε",
                    Also = ["clipped", "clipping"],
                },
                new(
                    "clip-higher",
                    "A clip that leaves more room above 1 than below it, so that rare tokens can become likelier faster."
                ),
                new(
                    "dual clip",
                    "A second limit for bad tokens that have become much likelier, whose term would otherwise fall without bound."
                ),
                new(
                    "KL divergence",
                    "A distance between two policies, in nats: 0 when they agree, growing as one gives high probability to what the other finds unlikely."
                )
                {
                    Symbol = "KL",
                    Also = ["KL"],
                },
                new(
                    "KL estimator",
                    "A formula (k1, k2, k3) that estimates the KL divergence from the sampled tokens alone; they agree on average and differ in scatter and gradient."
                )
                {
                    Symbol = "k_it",
                    Also = ["k1", "k2", "k3"],
                },
                new(
                    "KL penalty",
                    "A price for leaving the reference policy, charged in the loss or taken off the reward; β is the price of one nat."
                )
                {
                    Symbol = "β",
                },
                new(
                    "natural gradient",
                    "A gradient that measures the length of a step by how much the policy changes, not by how much the parameters do."
                ),
                new(
                    "Fisher matrix",
                    "The table that says how much the policy changes (in KL) when parameters change; the natural gradient divides by it."
                ),
            ]
        );

    private static GlossaryTopic Sharing =>
        new(
            "Sharing the update",
            [
                new(
                    "aggregation",
                    "How the terms of all tokens become one number: who divides by what decides how tokens of long and short responses share the update."
                ),
                new(
                    "token mean",
                    "Aggregation in which every token of the batch counts the same, so that a long response has more say than a short one."
                ),
                new(
                    "sequence mean",
                    "Aggregation in which every response counts the same, so that a token of a long response has less say than one of a short response."
                ),
                new(
                    "constant divisor",
                    "Aggregation that divides every response by the same number, so that a token's say does not depend on the length of any response."
                ),
                new(
                    "length bias",
                    "What dividing by the response's own length does: a long wrong answer is punished less per token than a short wrong one."
                ),
                new(
                    "difficulty bias",
                    "What dividing by the group's standard deviation does: prompts that are nearly always or hardly ever solved get larger weights."
                ),
                new(
                    "entropy collapse",
                    "Entropy falling to nearly 0 during training: the policy always says the same and has stopped exploring."
                ),
                new("exploration", "Trying tokens that do not look best, to find out whether they are better than they look."),
            ]
        );
}
