namespace UniPo;

/// <summary>One line of a table of metrics: how a trainer calls it, how it is called here, its unit and meaning.</summary>
/// <param name="Key">Its name in the file; a star stands for any characters.</param>
/// <param name="Name">Key in the <see cref="MetricGlossary"/>; null to keep the file's own name.</param>
/// <param name="Unit">Unit as documented; empty for a pure number.</param>
/// <param name="Meaning">One sentence.</param>
internal sealed record MetricName(string Key, string? Name, string Unit, string Meaning)
{
    public bool Fits(string key)
    {
        var star = Key.IndexOf('*');
        return star < 0
            ? Key == key
            : key.Length >= Key.Length - 1
                && key.StartsWith(Key[..star], StringComparison.Ordinal)
                && key.EndsWith(Key[(star + 1)..], StringComparison.Ordinal);
    }
}

/// <summary>The metrics of trainers, with sign and unit as their sources document them.</summary>
/// <remarks>
/// Losses keep the trainers' sign: they are minimised. Where two keys of a file mean the same metric here, the first line of the
/// table wins and the other keeps its own name.
/// </remarks>
internal static partial class MetricNames
{
    /// <summary>The table of a trainer; unknown keys are looked up in all tables, so that a wandb export is read alike.</summary>
    public static IReadOnlyList<MetricName> All { get; } = [.. Trl, .. Verl, .. OpenRlhf, .. Others];

    /// <summary>What a key means; null for a key that no table knows.</summary>
    /// <param name="key">As the file writes it; wandb's prefix <c>train/</c> is passed over where the rest is known.</param>
    public static MetricName? Find(string key)
    {
        foreach (var name in All)
            if (name.Fits(key))
                return name;
        return key.StartsWith("train/", StringComparison.Ordinal) ? Find(key["train/".Length..]) : null;
    }

    private static MetricName[] Others =>
        [
            new("rollout/raw_reward", "reward", "", "Mean reward of the rollout (slime)."),
            new("rollout/response_len/mean", "response_length", "tokens", "Mean length of the responses (slime)."),
            new("rollout/response_lengths", "response_length", "tokens", "Mean length of the responses (slime)."),
            new("rollout/truncated_ratio", "truncated", "", "Share of responses cut off by the limit (slime)."),
            new("rollout/truncated", "truncated", "", "Share of responses cut off by the limit (slime)."),
            new("rollout/advantages", "advantage_mean", "", "Mean advantage (slime)."),
            new("rollout/log_probs", null, "nats", "Mean log-probability of the sampled tokens under the policy (slime)."),
            new("train/pg_loss", "policy_loss", "", "Policy term of the loss; minimised (slime)."),
            new("train/loss", null, "", "Whole loss; minimised."),
            new("train/entropy_loss", "entropy", "nats", "Entropy of the next-token distributions (slime)."),
            new("train/pg_clipfrac", "clip_fraction", "", "Share of clipped tokens (slime)."),
            new("train/ppo_kl", null, "nats", "Mean log π_old − log π of the sampled tokens (slime)."),
            new("train/kl_loss", "kl", "nats", "KL to the reference (slime)."),
            new("train/grad_norm", "grad_norm", "", "Length of the gradient before clipping."),
            new("train/lr-pg_0", "learning_rate", "", "Size of the optimiser's step (slime)."),
            new("reward/avg_raw_reward", "reward", "", "Mean reward before shaping (SkyRL)."),
            new("reward/avg_pass_at_*", null, "", "Share of prompts with at least one right answer (SkyRL)."),
            new("loss/avg_kl", "kl", "nats", "KL to the reference (SkyRL)."),
            new("loss/avg_raw_advantages", "advantage_mean", "", "Mean advantage (SkyRL)."),
            new("val/ratio", "importance_sampling_ratio", "", "Mean ratio of new over old probability."),
            new("loss/kl_avg", "kl", "nats", "KL to the reference (open-instruct)."),
            new("loss/total_avg", null, "", "Whole loss; minimised (open-instruct)."),
            new("objective/verifiable_reward", "reward", "", "Mean reward of the verifier (open-instruct)."),
            new("reward/mean", "reward", "", "Mean reward of the batch."),
            new("seq_len/mean", "response_length", "tokens", "Mean length of the sequences (prime-rl)."),
            new("entropy/mean", "entropy", "nats", "Entropy of the next-token distributions (prime-rl)."),
            new("mismatch_kl/mean", null, "nats", "KL between sampler and trainer (prime-rl)."),
            new("optim/grad_norm", "grad_norm", "", "Length of the gradient before clipping (prime-rl)."),
            new("optim/lr", "learning_rate", "", "Size of the optimiser's step (prime-rl)."),
            new("loss/mean", "policy_loss", "", "Loss; minimised (prime-rl)."),
        ];
}
