namespace UniPo;

/// <summary>What a metric means: one text for logs, curves, tooltips and the glossary page.</summary>
/// <param name="Key">Name in logs.</param>
/// <param name="Label">Name on a curve.</param>
/// <param name="Unit">Unit, for instance <c>nats</c> or <c>tokens</c>; empty for a pure number.</param>
/// <param name="Meaning">One sentence for a reader who knows no RL.</param>
public sealed record Metric(string Key, string Label, string Unit, string Meaning);

/// <summary>All metrics a run can report, in the order in which they are shown.</summary>
public static class MetricGlossary
{
    /// <summary>Every metric, most important first.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("reward", "reward", "", "Mean reward of the responses of this step."),
        new(
            "held_out_accuracy",
            "held-out accuracy",
            "",
            "Exact probability of the right answer on prompts that training never sees."
        ),
        new(
            "reward_std",
            "reward spread",
            "",
            "Mean over the groups of the standard deviation of reward within the group: no spread, no signal."
        ),
        new(
            "policy_objective",
            "objective",
            "",
            "The value J that the step increases; near 0 on fresh responses for centred advantages, so watch the reward."
        ),
        new("policy_loss", "loss", "", "The objective with its sign turned, as trainers log it."),
        new(
            "kl",
            "KL to reference",
            "nats",
            "Mean distance of the policy from the frozen reference, estimated on sampled tokens by k3."
        ),
        new("entropy", "entropy", "nats", "How undecided the policy is: mean entropy of its next-token distributions."),
        new("response_length", "response length", "tokens", "Mean length of the responses, the closing symbol included."),
        new("truncated", "truncated", "", "Share of responses cut off by the length limit."),
        new("clip_fraction", "clipped", "", "Share of tokens that get no gradient because the trust region stopped them."),
        new(
            "importance_sampling_ratio",
            "ratio",
            "",
            "Mean of new over old probability of the sampled tokens; exactly 1 at the first pass."
        ),
        new("silent_groups", "silent groups", "", "Share of groups whose responses all got the same reward: they teach nothing."),
        new("tokens_without_gradient", "tokens without gradient", "", "Share of tokens whose weight is exactly 0."),
        new("advantage_mean", "advantage mean", "", "Mean advantage over the tokens."),
        new("advantage_std", "advantage spread", "", "Standard deviation of the advantage over the tokens."),
        new("value_loss", "value loss", "", "Mean squared error of the critic's value estimates."),
        new("grad_norm", "gradient norm", "", "Length of the gradient before clipping."),
        new("learning_rate", "learning rate", "", "Size of the optimiser's step."),
        new(
            "dynamic_sampling_pass_rate",
            "groups kept",
            "",
            "Share of the sampled groups whose responses got different rewards; the others were thrown away and replaced."
        ),
        new(
            "step_kl",
            "KL of the step",
            "nats",
            "Mean exact distance of the policy after the step from the policy before it (TRPO); 0 when no step was taken."
        ),
        new("generated_tokens", "generated tokens", "tokens", "Tokens sampled for this step, discarded groups included."),
    ];

    /// <summary>True when the glossary explains this key.</summary>
    /// <param name="key">For instance <c>reward</c>.</param>
    public static bool Contains(string key) => All.Any(m => m.Key == key);

    /// <summary>The metric with this key; an unknown key describes itself.</summary>
    public static Metric Find(string key) =>
        All.FirstOrDefault(m => m.Key == key) ?? new Metric(key, key.Replace('_', ' '), "", "");

    /// <summary>What is said of a key that nobody knows.</summary>
    /// <param name="key">The key.</param>
    /// <param name="measured">Keys that the run measured; those of the glossary are listed anyway.</param>
    internal static ArgumentException Unknown(string key, IEnumerable<string> measured) =>
        new($"There is no metric '{key}'; the metrics are {string.Join(", ", All.Select(m => m.Key).Union(measured))}.");
}
