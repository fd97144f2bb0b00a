namespace UniPo.Tests.Golden;

/// <summary>
/// The one place where a golden case may be left out, always with its reason. Anything else that is not covered fails.
/// </summary>
internal static class LeftOutCases
{
    private static readonly (string Reason, Func<GoldenCase, bool> Is)[] All =
    [
        ("0/0 upstream (NaN); this library documents 0 for a batch without active tokens", IsNaN),
        (
            "TRL's LUSPO with beta lets the KL of padding into the loss (upstream defect, fixed later)",
            c => c.Inside("config").TextOrNull("loss_type") == "luspo" && c.Inside("config").Or("beta", 0) > 0
        ),
        (
            "TRL's DPO cases 'sft' and use_weighting depend on logits that the vectors do not hold",
            c => c.File == "dpo.json" && (c.TextOrNull("loss_type") == "sft" || c.Inside("config").Has("use_weighting"))
        ),
        (
            "ld_alpha weighs tokens beyond the shorter response's length otherwise than those before: a pair-dependent token weight no other objective has",
            c => c.File == "dpo.json" && c.Inside("config").Has("ld_alpha")
        ),
        (
            "bco_pair keeps a running mean across batches, aot sorts the margins of the whole batch: losses of a batch, not of a pair",
            c => c.File == "dpo.json" && c.TextOrNull("loss_type") is "bco_pair" or "aot" or "aot_unpaired"
        ),
        ("verl's kl_penalty 'full' is not implemented upstream", c => c.TextOrNull("kind") == "full"),
        (
            "verl raises for a batch without active tokens; this library documents advantages of 0",
            c => c.Has("error") && c.TextOrNull("estimator") == "gae"
        ),
        (
            "verl raises for a prompt with a single response; this library gives it 0, as every group estimator (LoneResponse)",
            c => c.Has("error") && c.TextOrNull("estimator") == "grpo_passk"
        ),
        (
            "the optimal token baseline needs the sum of squared probabilities of every distribution, which nothing else asks a rollout to store",
            c => c.TextOrNull("estimator") == "optimal_token_baseline"
        ),
    ];

    public static bool IsNaN(GoldenCase c) => c.Has("loss") && double.IsNaN(c.Number("loss"));

    public static string? Reason(GoldenCase c) => All.FirstOrDefault(l => l.Is(c)).Reason;
}
