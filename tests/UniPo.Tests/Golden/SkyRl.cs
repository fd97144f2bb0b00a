namespace UniPo.Tests.Golden;

/// <summary>SkyRL's losses and advantages (skyrl.json).</summary>
internal static class SkyRl
{
    public static void Check(GoldenCase c)
    {
        if (c.Text("what") == "advantages")
            Advantages(c);
        else
            Loss(c);
    }

    private static void Loss(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows(
            "policy_loss_type",
            "eps_clip_low",
            "eps_clip_high",
            "clip_ratio_c",
            "cispo",
            "sapo",
            "dppo",
            "clip_cov",
            "kl_cov"
        );
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout();
        var objective = Objective(c, config);
        var credited = new CreditedBatch
        {
            Batch = rollout,
            Totals = BatchTotals.Of(rollout.Layout),
            Advantages = GoldenBatch.Advantages(rollout.Layout, batch.Grid("advantages")),
        };
        if (c.Text("what") == "cross_entropy")
            credited = credited with
            {
                Advantages = GoldenBatch.Advantages(rollout.Layout, [.. Enumerable.Repeat(new[] { 1.0 }, batch.Rows)]),
            };
        // SkyRL divides advantages before the loss. That is the same as dividing the loss, except where a rule looks at their
        // size: there the divided advantages are put in, and the loss is a sum, exactly as upstream.
        if (c.Text("what") is "clip_cov" or "kl_cov")
        {
            double[] divided = [.. credited.Advantages!.Values.ToArray().Select(a => a / rollout.Layout.ActiveTokens)];
            credited = credited with { Advantages = new TokenColumn(rollout.Layout, divided) };
            objective = objective with { Aggregation = new TokenSum() };
        }
        var report = c.Text("loss_reduction") == "token_mean_legacy" ? null : objective.Evaluate(credited);
        if (report is null)
            Legacy(c, objective, credited);
        else
        {
            Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
            Expect.Gradient(c, report);
            if (c.Inside("metrics").OrNull("clip_ratio") is { } clipped && report.Clipped is not null)
                Expect.Near("clip_ratio", clipped, ClipShare(c.Text("what"), report));
        }
    }

    // The old reduction is a mean over the tokens of each micro-batch: the parts are evaluated one by one.
    private static void Legacy(GoldenCase c, PolicyObjective objective, CreditedBatch credited)
    {
        var size = (int)c.Number("micro_batch_size");
        var parts = Enumerable.Range(0, credited.Batch.Layout.Responses).Chunk(size).ToArray();
        var totals = credited.Totals with { MicroBatches = parts.Length };
        TokenReport[] reports =
        [
            .. parts.Select(rows => objective.Evaluate((credited with { Totals = totals }).MicroBatch(rows))),
        ];
        Expect.Near("loss", c.Number("loss"), reports.Sum(r => r.Summary.Loss));
        Expect.Near(
            "grad_log_probs",
            c.Grid("grad_log_probs"),
            reports.SelectMany(r => r.Weight.Values.ToArray()).Select(w => -w).ToArray()
        );
    }

    private static double ClipShare(string what, TokenReport report)
    {
        var layout = report.Batch.Layout;
        bool Counted(int i) =>
            what switch
            {
                "clip_cov" => report.Clipped![i] == ClipSide.Dropped,
                "kl_cov" => false,
                "regular" or "dual_clip" or "gspo" => report.Clipped![i] == ClipSide.Low
                    || (report.Clipped[i] == ClipSide.High && report.Advantage!.Values[i] > 0),
                _ => report.Clipped![i] != ClipSide.None,
            };
        return Enumerable.Range(0, layout.Tokens).Count(i => layout.IsActive(i) && Counted(i))
            / (double)Math.Max(layout.ActiveTokens, 1);
    }

    private static PolicyObjective Objective(GoldenCase c, GoldenCase config)
    {
        var (low, high) = (config.Or("eps_clip_low", 0.2), config.Or("eps_clip_high", 0.2));
        var clamped = new TokenRatio { LogClamp = 20 };
        var objective = new PolicyObjective
        {
            Name = "SkyRL",
            Advantage = new RewardOnly(),
            Ratio = clamped,
            Clip = new Clip(low, high),
            Aggregation = c.Text("loss_reduction") switch
            {
                "token_mean" => new TokenMean(),
                "sequence_mean" => new SequenceMean(),
                "seq_mean_token_sum_norm" => new ConstantLength { Length = c.Number("max_seq_len") },
                "prompt_mean" => new GroupTokenMean(),
                "token_mean_legacy" => new MicroBatchTokenMean(),
                var reduction => throw new NotCoveredException($"loss_reduction {reduction}"),
            },
        };
        return c.Text("what") switch
        {
            "regular" => objective,
            "dual_clip" => objective with { Clip = new DualClip(low, high, config.Or("clip_ratio_c", 3)) },
            "cispo" => objective with { Clip = Cispo(config.Inside("cispo")) },
            "gspo" => objective with { Ratio = new SequenceTokenRatio { LogCap = 10 } },
            "sapo" => objective with { Clip = Sapo(config.Inside("sapo")) },
            "dppo_tv" or "dppo_kl" => objective with { Clip = Dppo(config.Inside("dppo")) },
            "clip_cov" => objective with { Ratio = Ratio.Token, Clip = ClipCov(config.Inside("clip_cov"), low, high) },
            "kl_cov" => objective with
            {
                Ratio = Ratio.Token,
                Clip = new KlCov
                {
                    Share = config.Inside("kl_cov").Or("kl_cov_frac", 0.2),
                    Coefficient = config.Inside("kl_cov").Or("ppo_kl_coef", 1),
                },
            },
            // Imitation: upstream sums over tokens and knows no advantage.
            "cross_entropy" => objective with { Ratio = Ratio.None, Clip = Clip.None, Aggregation = new TokenSum() },
            "importance_sampling" => objective with { Clip = Clip.None },
            var what => throw new NotCoveredException($"loss {what}"),
        };
    }

    // SkyRL's widths are offsets from ratio 1; without them the vectors hold the ratio between 0 and 5.
    private static CispoClip Cispo(GoldenCase config)
    {
        config.Knows("cispo_eps_clip_low", "cispo_eps_clip_high");
        return new CispoClip
        {
            Lowest = Math.Max(1 - config.Or("cispo_eps_clip_low", 1), 0),
            Highest = 1 + config.Or("cispo_eps_clip_high", 4),
        };
    }

    private static SapoGate Sapo(GoldenCase config)
    {
        config.Knows("tau_pos", "tau_neg");
        return new SapoGate { TauPositive = config.Or("tau_pos", 1), TauNegative = config.Or("tau_neg", 1.05) };
    }

    private static ClipCov ClipCov(GoldenCase config, double low, double high) =>
        new()
        {
            Low = low,
            High = high,
            Share = config.Or("clip_ratio", 2e-4),
            LowerBound = config.Or("clip_cov_lb", 1),
            UpperBound = config.Or("clip_cov_ub", 5),
            Order = [],
        };

    private static DppoMask Dppo(GoldenCase config) =>
        new()
        {
            Divergence = config.Text("dppo_type") == "binary_kl" ? TokenDivergence.BinaryKl : TokenDivergence.TotalVariation,
            Low = config.Number("delta_low"),
            High = config.Number("delta_high"),
            Detached = false,
            Cap = double.PositiveInfinity,
        };

    private static void Advantages(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows("gamma", "lambd");
        var batch = GoldenFolder.Current.BatchOf(c);
        const LoneResponse reward = LoneResponse.Reward;
        Advantage estimator = c.Text("estimator") switch
        {
            "grpo" => new GroupMeanStd { Lone = reward },
            "grpo_nostd" => new GroupMean { Lone = reward },
            "rloo" => new LeaveOneOut(),
            "maxrl" => new MaxRl { Lone = reward },
            "reinforce++" => new RewardToGo
            {
                Gamma = config.Or("gamma", 1),
                Whiten = new Whitening(),
                StopAtMasked = true,
            },
            "gae" => new Gae
            {
                Gamma = config.Or("gamma", 1),
                Lambda = config.Or("lambd", 1),
                MaskedTokens = MaskedTokens.Keep,
                Whiten = new Whitening(),
            },
            var name => throw new NotCoveredException($"estimator {name}"),
        };
        var rollout = batch.ToRollout("mask", c.Text("rewards"));
        var estimate = estimator.Estimate(rollout);
        Expect.Near(
            "advantages",
            VerlAdvantages.Masked(c.Grid("advantages"), batch.Mask),
            estimate.Advantages.Values,
            noise: RoundingNoise.Of(estimator, rollout.Layout, [.. rollout.Responses.Select(r => r.Reward)])
        );
        if (estimator is Gae)
            Expect.Near("returns", VerlAdvantages.Masked(c.Grid("returns"), batch.Mask), estimate.ValueTargets!.Values);
    }
}
