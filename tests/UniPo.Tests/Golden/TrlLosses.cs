namespace UniPo.Tests.Golden;

/// <summary>TRL's GRPO family, RLOO, GMPO and GSPO-token losses (trl_loss_*.json).</summary>
internal static class TrlLosses
{
    public static void Check(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows(
            "loss_type",
            "importance_sampling_level",
            "beta",
            "scale_rewards",
            "epsilon",
            "epsilon_high",
            "max_completion_length",
            "delta",
            "gradient_accumulation_steps",
            "num_items_in_batch",
            "rows",
            "top_entropy_quantile",
            "entropy_coef",
            "off_policy_mask_threshold",
            "use_bias_correction_kl",
            "old_per_token_logps",
            "vllm_is",
            "sapo_temperature_neg",
            "sapo_temperature_pos",
            "vespo_k_pos",
            "vespo_k_neg",
            "vespo_lambda_pos",
            "vespo_lambda_neg"
        );
        var whole = GoldenFolder.Current.BatchOf(c).ToRollout();
        if (whole.Layout.ActiveTokens == 0 && c.Number("loss") != 0)
            throw new NotCoveredException("a loss without active tokens");
        var objective = Objective(c, config);
        var credited = new CreditedBatch
        {
            Batch = whole,
            Totals = BatchTotals.Of(whole.Layout) with { EntropyThreshold = objective.Filters.EntropyThreshold(whole) },
            Advantages = GoldenBatch.Advantages(whole.Layout, [.. c.Numbers("advantages").Select(a => new[] { a })]),
        };
        var rows = config.Has("rows")
            ? config.Numbers("rows").Select(r => (int)r).ToArray()
            : Enumerable.Range(0, whole.Layout.Responses).ToArray();
        var steps = config.Or("gradient_accumulation_steps", 1);
        var part = credited.MicroBatch(rows);
        var report = objective.Evaluate(
            part with
            {
                // A micro-batch of TRL divides by its own rows and by the number of micro-batches, or by the items of the whole
                // batch.
                Totals = part.Totals with
                {
                    Responses = rows.Length * steps,
                    MicroBatches = (int)steps,
                    ActiveTokens = config.OrNull("num_items_in_batch") ?? whole.Layout.ActiveTokens,
                },
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss + EmptyRows(c, credited, rows));
        Expect.Gradient(c, report);
        if (c.Has("grad_entropy"))
            Expect.Negated("grad_entropy", c.Grid("grad_entropy"), report.EntropyWeight!);
        Metrics(c, config, report);
    }

    // RLOO's and GMPO's loss is one term a response, so upstream a response without active tokens still adds its −A (ratio 1) to
    // the value, without gradient. In this library it adds nothing.
    private static double EmptyRows(GoldenCase c, CreditedBatch credited, int[] rows)
    {
        if (c.TextOrNull("trainer") is not ("rloo" or "gmpo"))
            return 0;
        var advantages = c.Numbers("advantages");
        return -rows.Where(r => credited.Batch.Layout.ActiveInRow[r] == 0).Sum(r => advantages[r]) / rows.Length;
    }

    internal static PolicyObjective Objective(GoldenCase c, GoldenCase config)
    {
        var trainer = c.TextOrNull("trainer") ?? "grpo";
        var type = trainer is "rloo" or "gmpo" ? trainer : config.Text("loss_type");
        var (low, high) = (config.Or("epsilon", 0.2), config.Or("epsilon_high", config.Or("epsilon", 0.2)));
        low = Math.Min(low, 1 - 1e-15); // a lower bound below ratio 0 is no bound
        var level = config.TextOrNull("importance_sampling_level") ?? "token";
        Ratio ratio = level switch
        {
            "token" => Ratio.Token,
            "sequence" => Ratio.SequenceMean,
            "sequence_token" => Ratio.SequenceToken,
            _ => throw new NotCoveredException(level),
        };
        if (
            config.Json.TryGetProperty("old_per_token_logps", out var old)
            && old.ValueKind == System.Text.Json.JsonValueKind.Null
        )
            ratio = new TokenRatio { OnPolicy = true };
        TrustRegion clip = config.OrNull("delta") is { } delta ? new CappedClip(low, high, delta) : new Clip(low, high);
        var objective = new PolicyObjective
        {
            Name = "TRL",
            Advantage = new RewardOnly(),
            Ratio = ratio,
            Clip = clip,
            Kl =
                config.Or("beta", 0) > 0
                    ? new KlInLoss { Coefficient = config.Number("beta"), TimesRatio = config.Flag("use_bias_correction_kl") }
                    : Kl.None,
            Entropy =
                config.Or("entropy_coef", 0) > 0
                    ? new EntropyBonus
                    {
                        Coefficient = config.Number("entropy_coef"),
                        Aggregation = new TokenMean(),
                        KeptTokensOnly = true,
                    }
                    : null,
            Filters = new Filters
            {
                TopEntropy = TopEntropy(config),
                OffPolicyLimit = config.OrNull("off_policy_mask_threshold"),
            },
            Correction = config.Flag("vllm_is") ? new SequenceCorrection() : null,
        };
        return type switch
        {
            "grpo" => objective with { Aggregation = new SequenceMean() },
            "bnpo" => objective with { Aggregation = new MicroBatchTokenMean() },
            "dr_grpo" => objective with { Aggregation = new ConstantLength { Length = config.Or("max_completion_length", 16) } },
            "dapo" => objective with { Aggregation = new TokenMean() },
            "cispo" => objective with
            {
                Aggregation = new TokenMean(),
                Clip = new CispoClip { Highest = high },
            },
            "sapo" => objective with
            {
                Aggregation = new SequenceMean(),
                Clip = new SapoGate
                {
                    TauPositive = config.Or("sapo_temperature_pos", 1),
                    TauNegative = config.Or("sapo_temperature_neg", 1.05),
                },
            },
            "vespo" => objective with { Aggregation = new TokenMean(), Ratio = Ratio.SequenceProduct, Clip = Vespo(config) },
            "luspo" => objective with { Aggregation = new SequenceSum() },
            "gmpo" => objective with
            {
                Aggregation = new SequenceMean(),
                Ratio = Ratio.SequenceMean,
                Clip = new GmpoClip(config.Or("epsilon", 0.4), config.Or("epsilon_high", config.Or("epsilon", 0.4))),
            },
            "rloo" => objective with { Aggregation = new SequenceMean(), Ratio = Ratio.SequenceProduct },
            _ => throw new NotCoveredException($"loss_type {type}"),
        };
    }

    private static VespoWeight Vespo(GoldenCase config) =>
        new()
        {
            ShapePositive = config.Or("vespo_k_pos", 2),
            ShapeNegative = config.Or("vespo_k_neg", 3),
            RatePositive = config.Or("vespo_lambda_pos", 3),
            RateNegative = config.Or("vespo_lambda_neg", 2),
        };

    // TRL's default of 1 means no filter.
    private static double? TopEntropy(GoldenCase config) =>
        config.OrNull("top_entropy_quantile") is { } share and < 1 ? share : null;

    private static void Metrics(GoldenCase c, GoldenCase config, TokenReport report)
    {
        var metrics = c.Inside("metrics");
        var layout = report.Batch.Layout;
        if (metrics.OrNull("kl") is { } kl)
            Expect.Near("kl", kl, report.Summary.Kl!.Value);
        var trainer = c.TextOrNull("trainer") ?? "grpo";
        var perRow = trainer == "rloo" || config.TextOrNull("importance_sampling_level") == "sequence";
        double Share(Func<int, bool> counted) =>
            perRow
                ? (double)
                    Enumerable
                        .Range(0, layout.Responses)
                        .Count(r =>
                            Enumerable.Range(layout.RowStarts[r], layout.Length(r)).Any(i => layout.IsActive(i) && counted(i))
                        ) / layout.Responses
                : Enumerable.Range(0, layout.Tokens).Count(i => layout.IsActive(i) && counted(i))
                    / Math.Max(layout.ActiveTokens, 1.0);
        bool Low(int i) => report.Clipped![i] == ClipSide.Low;
        bool High(int i) =>
            report.Clipped![i] == ClipSide.High
            && report.Advantage!.Values[i] > 0
            && (config.OrNull("delta") is not { } delta || delta > 1 + config.Or("epsilon_high", config.Or("epsilon", 0.2)));
        if (metrics.OrNull("clip_ratio/low_mean") is { } low)
            Expect.Near("low_mean", low, Share(Low));
        if (metrics.OrNull("clip_ratio/high_mean") is { } high)
            Expect.Near("high_mean", high, Share(High));
        if (metrics.OrNull("clip_ratio/region_mean") is { } region)
            Expect.Near("region_mean", region, Share(i => Low(i) || High(i)));
        if (metrics.OrNull("cispo_clip_ratio") is { } capped)
            Expect.Near("cispo_clip_ratio", capped, Share(High));
    }
}
