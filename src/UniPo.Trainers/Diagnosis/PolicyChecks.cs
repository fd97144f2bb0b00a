using static UniPo.RunSeries;

namespace UniPo;

/// <summary>Checks of how far and how surely the policy moves.</summary>
internal static class PolicyChecks
{
    private static readonly CheckText _never = new(
        "The clip never bites: is the trust region at work?",
        "clip fraction 0 in every row",
        "arithmetic: a response that is used for one step only has a ratio of exactly 1",
        "With one optimiser step for each rollout the ratio is 1 and no clip can bite: that is right, and clip settings change nothing. With several passes or mini-batches it means that old log-probabilities are computed anew at each step, or that the rate is next to 0.",
        "check steps for each rollout (num_iterations, ppo_epochs, mini-batches); if there is one, do not tune the clip",
        "Lesson 04 (PPO): when the clip bites."
    );

    /// <summary>Is the clip fraction 0 throughout?</summary>
    public static DiagnosisCheck ClipAlwaysZero(RunSeries run)
    {
        if (run.Find("clip_fraction", "clip_ratio/high_mean", "ppo_clip_ratio") is not { } clip)
            return _never.Missing("a clip fraction");
        if (!clip.IsLong)
            return _never.Missing("a clip fraction", clip);
        if (clip.Values.Any(v => v > 0))
            return _never.Says(
                Verdict.Fine,
                $"{clip.Name}: mean {Percent(clip.Mean)}, largest {Percent(clip.Values.Max())}.",
                clip
            );
        var isOwn = run.Run.Header is { HasSeed: true, PromptsPerStep: > 0 }; // only our own logs tell the passes
        return isOwn && run.Run.Steps.All(s => s.FirstAfterRollout)
            ? _never.Says(
                Verdict.Fine,
                "Every response is used for one step, so the ratio is 1 and nothing can be clipped.",
                clip
            )
            : _never.Says(Verdict.Look, $"{clip.Name} is 0 in all {clip.Values.Length} rows.", clip);
    }

    private static readonly CheckText _often = new(
        "Does the clip stop too much?",
        "more than 30 % of the tokens clipped in the last quarter",
        "Schulman et al. 2017 clip at 0.2 and see 10–20 %; 30 % is this page's choice",
        "A third of the tokens gets no gradient: the policy has moved too far from the one that sampled.",
        "fewer passes or mini-batches, a smaller rate, a wider upper clip (DAPO's clip-higher)",
        "Lesson 04 (PPO) and lesson 06 (DAPO): the two bounds."
    );

    /// <summary>Are too many tokens clipped?</summary>
    public static DiagnosisCheck ClipTooOften(RunSeries run)
    {
        if (run.Find("clip_fraction") is not { } clip)
            return _often.Missing("a clip fraction");
        var last = clip.Last;
        return _often.Says(
            last > 0.6 ? Verdict.Ill
                : last > 0.3 ? Verdict.Look
                : Verdict.Fine,
            $"{clip.Name}: {Percent(clip.First)} in the first quarter, {Percent(last)} in the last.",
            clip
        );
    }

    private static readonly CheckText _entropy = new(
        "Does the entropy collapse?",
        "below a tenth of the first quarter's while the reward is neither near its top nor still rising; above three times as much",
        "Cui et al. 2025, The entropy mechanism of RL for reasoning: reward is bought with entropy and stops when it is spent; the factors are this page's choice",
        "A policy without entropy samples the same answer again and again: groups fall silent and nothing new is found. Entropy that grows means that the policy dissolves.",
        "clip-higher, Clip-Cov or KL-Cov, a small entropy bonus, a higher temperature; against growth a smaller rate and no bonus",
        "Lesson 06 (DAPO): why the upper clip is wider."
    );

    /// <summary>Does the entropy collapse or explode?</summary>
    public static DiagnosisCheck Entropy(RunSeries run)
    {
        if (run.Find("entropy") is not { } entropy)
            return _entropy.Missing("the entropy");
        if (!entropy.IsLong)
            return _entropy.Missing("the entropy", entropy);
        var numbers = $"{entropy.Name}: {Text(entropy.First)} nats in the first quarter, {Text(entropy.Last)} in the last.";
        if (entropy.Last > 3 * Math.Max(entropy.First, 0.05))
            return _entropy.Says(SignalChecks.Gained(run) ? Verdict.Look : Verdict.Ill, numbers, entropy);
        if (entropy.Last >= entropy.First / 10)
            return _entropy.Says(Verdict.Fine, numbers, entropy);
        if (SignalChecks.Solved(run))
            return _entropy.Says(
                Verdict.Fine,
                numbers + " The reward is near its top: there is one right answer, and the policy is sure of it.",
                entropy
            );
        return _entropy.Says(SignalChecks.Gained(run) ? Verdict.Look : Verdict.Ill, numbers, entropy);
    }

    private static readonly CheckText _kl = new(
        "Does the KL spike?",
        "a value above ten times the median of the ten before it and above 1 nat a token; or above 5 nats a token for a quarter of the run",
        "this page's choice; Ouyang et al. 2022 keep KL near 0.02–0.1 nats a token",
        "Single batches throw the policy far away (k3 grows exponentially with the log-ratio), or it has left the reference for good.",
        "look at the responses of the spike; clamp the estimate, clip the gradient, lower the rate, raise the coefficient",
        "Lesson 05 (GRPO): the KL penalty and its estimators."
    );

    /// <summary>Does KL to the reference spike?</summary>
    public static DiagnosisCheck KlSpikes(RunSeries run)
    {
        if (run.Find("kl", "objective/kl", "actor/ppo_kl", "ppo_kl", "policy/approxkl_avg") is not { } kl)
            return _kl.Missing("a KL to the reference or to the old policy");
        if (!kl.IsLong)
            return _kl.Missing("a KL", kl);
        var spikes = new List<int>();
        for (var i = 4; i < kl.Values.Length; i++)
        {
            var before = kl.Values[Math.Max(0, i - 10)..i].Order().ToArray();
            if (kl.Values[i] > 1 && kl.Values[i] > 10 * before[before.Length / 2])
                spikes.Add(kl.Steps[i]);
        }
        var far = kl.Name != "objective/kl" && kl.Values.Order().ElementAt(kl.Values.Length * 3 / 4) > 5;
        var numbers =
            $"{kl.Name}: median {Text(kl.Median)}, largest {Text(kl.Values.Max())}"
            + (spikes.Count == 0 ? "." : FormattableString.Invariant($"; {spikes.Count} spikes, the first at step {spikes[0]}."));
        return _kl.Says(
            far || spikes.Count > 3 ? Verdict.Ill
                : spikes.Count > 0 ? Verdict.Look
                : Verdict.Fine,
            numbers,
            kl
        );
    }

    private static readonly CheckText _sampler = new(
        "Do sampler and trainer agree on fresh responses?",
        "mean |log-probability difference| above 0.05 nats, KL above 0.01 nats, mean ratio more than 1 % away from 1, or probability difference above 0.02",
        "Yao et al. 2025, Your efficient RL framework secretly brings you off-policy RL training; verl docs, rollout correction; the numbers are this page's choice",
        "On fresh responses the ratio must be 1. Where it is not, the engine that samples computes other probabilities than the one that trains: every update is off-policy without knowing it.",
        "truncated or masked importance weights (TIS, MIS), the same precision on both sides, weights that are synchronised after each step",
        "docs/objectives.md (corrections for the sampler)."
    );

    // Each with the value that a fault-free run has, and how far from it a look is due.
    private static readonly (string Key, double Right, double Look)[] _mismatches =
    [
        ("sampling/sampling_logp_difference/mean", 0, 0.05),
        ("sampling/importance_sampling_ratio/mean", 1, 0.01),
        ("rollout_corr/k3_kl", 0, 0.01),
        ("rollout_corr/kl", 0, 0.01),
        ("training/rollout_probs_diff_mean", 0, 0.02),
        ("vllm_kl", 0, 0.01),
        ("mismatch_kl/mean", 0, 0.01),
    ];

    /// <summary>Is the ratio 1 on fresh responses?</summary>
    /// <param name="run">The run.</param>
    /// <param name="computed">Mean |log π_old − log μ| from the log's tokens; null when it holds none.</param>
    public static DiagnosisCheck Sampler(RunSeries run, double? computed)
    {
        if (computed is { } difference)
            return _sampler.Says(
                Grade(difference, 0.05),
                $"From the tokens of the log: mean |log π_old − log μ| = {Text(difference)} nats."
            );
        foreach (var (key, right, look) in _mismatches)
            if (run.Find(key) is { } found)
                return _sampler.Says(
                    Grade(Math.Abs(found.Mean - right), look),
                    $"{key}: mean {Text(found.Mean)}, largest distance from {Text(right)}: {Text(found.Values.Max(v => Math.Abs(v - right)))}.",
                    found
                );
        double[] fresh =
        [
            .. run
                .Run.Steps.Where(s => s is { FirstAfterRollout: true, Pass: 0 } && s.Report is { Ratio: not null })
                .Select(s => s.Metrics.TryGetValue("importance_sampling_ratio", out var ratio) ? ratio : (double?)null)
                .OfType<double>()
                .Where(double.IsFinite),
        ];
        if (fresh.Length == 0)
            return _sampler.Missing(
                "a measure of the mismatch (sampling/…, rollout_corr/…, vllm_kl) or ratios of fresh responses"
            );
        return _sampler.Says(
            Grade(Math.Abs(fresh.Average() - 1), 0.01),
            $"importance_sampling_ratio on {fresh.Length} fresh batches: mean {Text(fresh.Average())}.",
            run.Find("importance_sampling_ratio")
        );
    }

    private static Verdict Grade(double distance, double look) =>
        distance > 10 * look ? Verdict.Ill
        : distance > look ? Verdict.Look
        : Verdict.Fine;
}
