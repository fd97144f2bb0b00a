namespace UniPo.Tests.Golden;

/// <summary>OpenRLHF's losses and advantages (openrlhf_losses.json, openrlhf_advantages.json).</summary>
internal static class OpenRlhf
{
    public static void Check(GoldenCase c)
    {
        switch (c.Text("what"))
        {
            case "PolicyLoss":
                PolicyLoss(c);
                break;
            case "SFTLoss":
                SftLoss(c);
                break;
            case "ValueLoss":
                ValueLoss(c);
                break;
            case "compute_approx_kl":
                VerlParts.KlPenalty(c, Estimator(c.Text("kind")));
                break;
            case "advantages":
                Advantages(c);
                break;
            case "overlong_penalty":
                Overlong(c);
                break;
            default:
                throw new NotCoveredException($"what = {c.Text("what")}");
        }
    }

    private static KlEstimator Estimator(string kind) =>
        kind switch
        {
            "k1" => new K1Estimator { ValueClamp = 10 },
            "k2" => new K2Estimator { ValueClamp = 10 },
            "k3" => new K3Estimator { ValueClamp = 10 },
            _ => throw new NotCoveredException($"KL estimator {kind}"),
        };

    private static Aggregation Aggregation(GoldenCase config) =>
        config.Has("token_level_loss") && !config.Flag("token_level_loss")
            ? new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 }
            : new TokenMean();

    private static void PolicyLoss(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows(
            "policy_loss_type",
            "token_level_loss",
            "clip_eps_low",
            "clip_eps_high",
            "dual_clip",
            "enable_vllm_is_correction",
            "vllm_is_truncated_threshold",
            "vllm_is_correction_type"
        );
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout();
        var objective = Objective(config);
        var report = objective.Evaluate(
            new CreditedBatch
            {
                Batch = rollout,
                Totals = BatchTotals.Of(rollout.Layout),
                Advantages = GoldenBatch.Advantages(rollout.Layout, batch.Grid(c.Text("advantages"))),
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Gradient(c, report);
        Expect.Near("clip_ratio", c.Number("clip_ratio"), ClipShare(report));
    }

    internal static PolicyObjective Objective(GoldenCase config)
    {
        if (config.TextOrNull("policy_loss_type") is not (null or "ppo" or "gspo"))
            throw new NotCoveredException($"policy_loss_type {config.Text("policy_loss_type")}");
        var (low, high) = (config.Or("clip_eps_low", 0.2), config.Or("clip_eps_high", 0.2));
        var gspo = config.TextOrNull("policy_loss_type") == "gspo";
        return new PolicyObjective
        {
            Name = "OpenRLHF",
            Advantage = new RewardOnly(),
            Ratio = gspo ? Ratio.SequenceMean : new TokenRatio { LogClamp = 20 },
            Clip = config.OrNull("dual_clip") is { } cap ? new DualClip(low, high, cap) : new Clip(low, high),
            Aggregation = gspo ? new SequenceMean { Rows = CountedRows.NonEmpty, Epsilon = 1e-8 } : Aggregation(config),
            Correction = config.Flag("enable_vllm_is_correction") ? Correction(config) : null,
        };
    }

    // The log counts where PPO's clip bites, not where the dual clip does.
    private static double ClipShare(TokenReport report)
    {
        var layout = report.Batch.Layout;
        bool Bites(int i) =>
            report.Clipped![i] == ClipSide.Low || (report.Clipped[i] == ClipSide.High && report.Advantage!.Values[i] > 0);
        return Enumerable.Range(0, layout.Tokens).Count(i => layout.IsActive(i) && Bites(i)) / (double)layout.ActiveTokens;
    }

    private static SamplerCorrection Correction(GoldenCase config)
    {
        var (low, high) = Ends(config, "vllm_is_truncated_threshold", 0.5, 5);
        return (config.TextOrNull("vllm_is_correction_type") ?? "tis") switch
        {
            "tis" => new TruncatedCorrection { Low = low, High = high },
            "icepop" => new MaskedCorrection { Low = low, High = high },
            "seq-mask-tis" => new SequenceCorrection
            {
                Low = low,
                High = high,
                PerToken = true,
            },
            var type => throw new NotCoveredException($"correction {type}"),
        };
    }

    private static (double Low, double High) Ends(GoldenCase config, string key, double low, double high) =>
        config.NumbersOrNull(key) is { } ends ? (ends[0], ends[1]) : (low, high);

    private static Interval Range(GoldenCase config)
    {
        var (low, high) = Ends(config, "reward_clip_range", -10, 10);
        return new Interval(low, high);
    }

    private static void SftLoss(GoldenCase c)
    {
        c.Inside("config").Knows("token_level_loss");
        var rollout = GoldenFolder.Current.BatchOf(c).ToRollout();
        var objective = new PolicyObjective
        {
            Name = "SFT",
            Advantage = new RewardOnly(),
            Ratio = Ratio.None,
            Clip = Clip.None,
            Aggregation = Aggregation(c.Inside("config")),
        };
        var ones = GoldenBatch.Advantages(rollout.Layout, [.. Enumerable.Repeat(new[] { 1.0 }, rollout.Layout.Responses)]);
        var report = objective.Evaluate(
            new CreditedBatch
            {
                Batch = rollout,
                Totals = BatchTotals.Of(rollout.Layout),
                Advantages = ones,
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Gradient(c, report);
    }

    private static void ValueLoss(GoldenCase c)
    {
        c.Inside("config").Knows("clip_eps", "returns", "token_level_loss");
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout();
        // OpenRLHF leaves the ½ out for the critic's own optimiser only in its log: its loss is ½·mean.
        var objective = new PolicyObjective
        {
            Name = "critic",
            Advantage = new RewardOnly(),
            Ratio = Ratio.None,
            Clip = Clip.None,
            Aggregation = Aggregation(c.Inside("config")),
            Value = new ValueLoss { ClipRange = c.Inside("config").OrNull("clip_eps") },
        };
        var report = objective.Evaluate(
            new CreditedBatch
            {
                Batch = rollout,
                Totals = BatchTotals.Of(rollout.Layout),
                Advantages = new TokenColumn(rollout.Layout, new double[rollout.Layout.Tokens]),
                ValueTargets = new TokenColumn(rollout.Layout, batch.Flat(c.Inside("config").Text("returns"))),
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Negated("grad_new_values", c.Grid("grad_new_values"), report.ValueWeight!);
    }

    private static void Advantages(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows("n_samples_per_prompt", "kl_coef", "kl_estimator", "gamma", "lambd", "no_std_norm", "reward_clip_range");
        var batch = GoldenFolder.Current.BatchOf(c);
        var size = (int)config.Or("n_samples_per_prompt", batch.GroupSizes[0]);
        var groups = batch.Rows % size == 0 ? Enumerable.Repeat(size, batch.Rows / size).ToArray() : null;
        var rollout = batch.ToRollout(c.Text("mask"), null, groups);
        var estimator = Estimator(c, config);
        var kl = new KlInReward
        {
            Coefficient = config.Or("kl_coef", 0),
            Estimator = Estimator(config.TextOrNull("kl_estimator") ?? "k1"),
            AfterBaseline = true,
        };
        var estimate = estimator.Estimate(rollout, kl);
        Expect.Near(
            "advantages",
            VerlAdvantages.Masked(c.Grid("advantages"), batch.Source.Grid(c.Text("mask"))),
            estimate.Advantages.Values,
            noise: RoundingNoise.Of(estimator, rollout.Layout, [.. rollout.Responses.Select(r => Range(config).Hold(r.Reward))])
        );
        if (estimator is Gae)
            Expect.Near(
                "returns",
                VerlAdvantages.Masked(c.Grid("returns"), batch.Source.Grid(c.Text("mask"))),
                estimate.ValueTargets!.Values
            );
    }

    internal static Advantage Estimator(GoldenCase c, GoldenCase config)
    {
        var range = Range(config);
        var (gamma, whiten) = (
            config.Or("gamma", 1),
            new Whitening
            {
                Ddof = 0,
                EpsilonIsFloor = true,
                DivideByStd = !config.Flag("no_std_norm"),
            }
        );
        return c.Text("estimator") switch
        {
            "gae" => new Gae
            {
                Gamma = gamma,
                Lambda = config.Or("lambd", 1),
                MaskedTokens = MaskedTokens.Zero,
                RewardRange = range,
                Whiten = whiten,
            },
            "reinforce" => new RewardToGo
            {
                Gamma = gamma,
                RewardRange = range,
                Whiten = whiten,
            },
            "rloo" => new LeaveOneOut { Gamma = gamma, Range = range },
            "reinforce_baseline" => new GroupMean
            {
                Gamma = gamma,
                Range = range,
                Whiten = whiten,
            },
            "group_norm" => new GroupMeanStd
            {
                Gamma = gamma,
                Range = range,
                Epsilon = 1e-9,
            },
            "dr_grpo" => new GroupMean { Gamma = gamma, Range = range },
            var name => throw new NotCoveredException($"estimator {name}"),
        };
    }

    private static void Overlong(GoldenCase c)
    {
        var config = c.Inside("config");
        var penalty = new OverlongPenalty { Buffer = config.Number("overlong_buffer_len"), Factor = config.Number("factor") };
        Expect.Near(
            "penalty",
            c.Numbers("penalty"),
            c.Numbers("lengths").Select(l => penalty.At(l, config.Number("max_new_tokens"))).ToArray()
        );
    }
}
