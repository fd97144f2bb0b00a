namespace UniPo.Tests.Golden;

/// <summary>verl's policy losses (verl_loss_*.json, verl_ppo_total_loss.json and the losses of verl_old_changed.json).</summary>
internal static class VerlLosses
{
    private const double CountEpsilon = 1e-8;

    public static void Check(GoldenCase c)
    {
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout();
        if (c.Has("rollout_is_weights"))
            rollout = rollout with { SamplerWeights = SamplerWeights(c, rollout.Layout) };
        var objective = Objective(c);
        var advantages = GoldenBatch.Advantages(rollout.Layout, batch.Grid(c.TextOrNull("advantages") ?? "advantages"));
        var report = objective.Evaluate(
            new CreditedBatch
            {
                Batch = rollout,
                Totals = Totals(c, rollout.Layout, OldSum(c)),
                Advantages = advantages,
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Gradient(c, report);
        if (c.Has("grad_entropy") && objective.Entropy is not null)
            Expect.Negated("grad_entropy", c.Grid("grad_entropy"), report.EntropyWeight!);
        Metrics(c, report);
    }

    private static TokenColumn SamplerWeights(GoldenCase c, TokenLayout layout)
    {
        double[] weights = [.. c.Grid("rollout_is_weights").SelectMany(r => r)];
        if (Mode(c) != "geo_mean")
            return new TokenColumn(layout, weights);
        // verl's GMPO gives all tokens of a response the geometric mean of their factors before it multiplies by them.
        for (var row = 0; row < layout.Responses; row++)
        {
            var tokens = Enumerable.Range(layout.RowStarts[row], layout.Length(row)).Where(layout.IsActive).ToArray();
            var mean = Math.Exp(tokens.Sum(i => Math.Log(weights[i] + 1e-10)) / (tokens.Length + CountEpsilon));
            foreach (var i in tokens)
                weights[i] = mean;
        }
        return new TokenColumn(layout, weights);
    }

    public static PolicyObjective Objective(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows(
            "clip_ratio",
            "clip_ratio_low",
            "clip_ratio_high",
            "clip_ratio_c",
            "tau_pos",
            "tau_neg",
            "policy_loss",
            "global_batch_info",
            "loss_mode",
            "loss_agg_mode",
            "kl_loss_type",
            "entropy_coeff",
            "kl_loss_coef"
        );
        var (low, high, cap) = (Width(config, "clip_ratio_low"), Width(config, "clip_ratio_high"), Cap(config));
        var special = config.Json.ValueKind == System.Text.Json.JsonValueKind.Object ? config.Inside("policy_loss") : config;
        var aggregation = Aggregation(c.TextOrNull("loss_agg_mode") ?? config.Text("loss_agg_mode"), config);
        var sequence = Aggregation("seq-mean-token-mean", config);
        var objective = new PolicyObjective
        {
            Name = "verl",
            Advantage = new RewardOnly(),
            Aggregation = aggregation,
            Correction = c.Has("rollout_is_weights") ? new GivenCorrection() : null,
        };
        if (c.File == "verl_ppo_total_loss.json")
            objective = WithBonuses(c, config, objective);
        var clamped = new TokenRatio { LogClamp = 20 };
        return (Mode(c) ?? c.Text("loss_mode")) switch
        {
            "vanilla" => objective with { Ratio = clamped, Clip = new DualClip(low, high, cap) },
            "cispo" => objective with
            {
                Ratio = clamped,
                Clip = new CispoClip { Lowest = Math.Max(1 - low, 0), Highest = 1 + high },
            },
            "gpg" or "reinforce" => objective with { Ratio = Ratio.None, Clip = Clip.None },
            "gspo" => objective with
            {
                Ratio = new SequenceTokenRatio { LogCap = 10 },
                Clip = new Clip(low, high),
                Aggregation = sequence,
            },
            "sapo" => objective with
            {
                Ratio = clamped,
                Clip = new SapoGate { TauPositive = config.Or("tau_pos", 1), TauNegative = config.Or("tau_neg", 1.05) },
                Aggregation = sequence,
            },
            "geo_mean" => objective with
            {
                Ratio = new SequenceMeanRatio { CountEpsilon = CountEpsilon },
                Clip = new GmpoClip(low, high),
                Aggregation = new SequenceMean { Epsilon = CountEpsilon },
            },
            "clip_cov" => objective with
            {
                Clip = new ClipCov
                {
                    Low = low,
                    High = high,
                    Share = special.Or("clip_cov_ratio", 2e-4),
                    LowerBound = special.Or("clip_cov_lb", 1),
                    UpperBound = special.Or("clip_cov_ub", 5),
                    Order = c.Has("randperm") ? [.. c.Numbers("randperm").Select(v => (int)v)] : [],
                },
            },
            "kl_cov" => objective with
            {
                Clip = new KlCov { Share = special.Or("kl_cov_ratio", 2e-4), Coefficient = special.Or("ppo_kl_coef", 0.1) },
            },
            "dppo_tv" => objective with
            {
                Ratio = clamped,
                Clip = new DppoMask
                {
                    Low = low,
                    High = high,
                    Cap = cap,
                },
            },
            "dppo_kl" => objective with
            {
                Ratio = clamped,
                Clip = new DppoMask
                {
                    Divergence = TokenDivergence.BinaryKl,
                    Low = low,
                    High = high,
                    Cap = cap,
                },
            },
            "dro" => objective with { Clip = new DroPenalty { Beta = special.Or("dro_beta", 0.1) } },
            var mode => throw new NotCoveredException($"loss_mode {mode}"),
        };
    }

    private static string? Mode(GoldenCase c) => c.TextOrNull("loss_mode") ?? c.Inside("config").TextOrNull("loss_mode");

    // A width that is null is clip_ratio.
    private static double Width(GoldenCase config, string key) =>
        config.Json.ValueKind == System.Text.Json.JsonValueKind.Object
        && config.Json.TryGetProperty(key, out var width)
        && width.ValueKind == System.Text.Json.JsonValueKind.Null
            ? config.Or("clip_ratio", 0.2)
            : config.Or(key, 0.2);

    private static double Cap(GoldenCase config) => config.Or("clip_ratio_c", 3);

    // verl's whole loss: the constants stand in the file's header, or in the case.
    private static PolicyObjective WithBonuses(GoldenCase c, GoldenCase config, PolicyObjective objective)
    {
        double Constant(string key) => c.OrNull(key) ?? config.Number(key);
        var estimator = VerlParts.KlEstimator(c.TextOrNull("kl_loss_type") ?? config.Text("kl_loss_type"));
        return objective with
        {
            Entropy = Constant("entropy_coeff") == 0 ? null : new EntropyBonus { Coefficient = Constant("entropy_coeff") },
            Kl = Constant("kl_loss_coef") == 0 ? Kl.None : Kl.InLoss(Constant("kl_loss_coef"), estimator),
        };
    }

    public static Aggregation Aggregation(string mode, GoldenCase config)
    {
        var info =
            config.Json.ValueKind == System.Text.Json.JsonValueKind.Object && config.Has("global_batch_info")
                ? config.Inside("global_batch_info")
                : config;
        var rows = info.OrNull("global_batch_size") is null ? CountedRows.NonEmpty : CountedRows.All;
        return mode switch
        {
            "token-mean" => new TokenMean(),
            "token-sum" => new TokenSum { Scale = info.Or("dp_size", 1) },
            "seq-mean-token-sum" => new SequenceSum { Rows = rows },
            "seq-mean-token-mean" => new SequenceMean { Rows = rows, Epsilon = CountEpsilon },
            "seq-mean-token-sum-norm" => new ConstantLength { Rows = rows, Length = info.OrNull("loss_scale_factor") },
            _ => throw new NotCoveredException($"loss_agg_mode {mode}"),
        };
    }

    /// <summary>The denominators: those of the batch, or of several machines when the case gives them.</summary>
    public static BatchTotals Totals(GoldenCase c, TokenLayout layout, bool forgetRows = false)
    {
        var info = c.Inside("config");
        if (info.Json.ValueKind == System.Text.Json.JsonValueKind.Object && info.Has("global_batch_info"))
            info = info.Inside("global_batch_info");
        var totals = BatchTotals.Of(layout);
        var machines = info.Or("dp_size", 1);
        if (info.OrNull("batch_num_tokens") is { } tokens)
            totals = totals with { ActiveTokens = tokens / machines };
        if (info.OrNull("global_batch_size") is { } rows)
            totals = totals with { Responses = rows / machines };
        // The older verl left the division by the number of responses out: a sum over them is a mean over one.
        return forgetRows ? totals with { Responses = 1, ActiveResponses = 1 } : totals;
    }

    private static bool OldSum(GoldenCase c) =>
        c.File == "verl_old_changed.json" && c.TextOrNull("loss_agg_mode") == "seq-mean-token-sum-norm";

    private static void Metrics(GoldenCase c, TokenReport report)
    {
        var metrics = c.Inside("metrics");
        var layout = report.Batch.Layout;
        double Share(Func<int, bool> counted) =>
            Enumerable.Range(0, layout.Tokens).Count(i => layout.IsActive(i) && counted(i))
            / (layout.ActiveTokens + CountEpsilon);
        double Advantage(int i) => report.Advantage!.Values[i];
        var mode = Mode(c);
        if (metrics.OrNull("actor/pg_clipfrac") is { } clipped)
            Expect.Near(
                "pg_clipfrac",
                clipped,
                mode switch
                {
                    "vanilla" => Share(i =>
                        report.Clipped![i] == ClipSide.Low || (report.Clipped[i] == ClipSide.High && Advantage(i) > 0)
                    ),
                    "geo_mean" => Share(i => OutsideBand(report, i) && Advantage(i) > 0),
                    "clip_cov" => Share(i => report.Clipped![i] == ClipSide.Dropped),
                    _ => Share(i => report.Clipped![i] != ClipSide.None),
                }
            );
        if (metrics.OrNull("actor/pg_clipfrac_lower") is { } lower)
            Expect.Near(
                "pg_clipfrac_lower",
                lower,
                mode switch
                {
                    "vanilla" => Share(i => report.Clipped![i] == ClipSide.High && Advantage(i) < 0),
                    "geo_mean" => Share(i => OutsideBand(report, i) && Advantage(i) < 0),
                    "dppo_tv" or "dppo_kl" => Share(i =>
                        report.Ratio!.Values[i] > Cap(c.Inside("config")) && report.Clipped![i] == ClipSide.None
                    ),
                    _ => 0,
                }
            );
        if (metrics.OrNull("kl_loss") is { } kl && c.TextOrNull("loss_agg_mode") == "token-mean" && report.Summary.Kl is not null)
            Expect.Near("kl_loss", kl, report.Summary.Kl!.Value);
        if (metrics.OrNull("actor/ppo_kl") is { } moved)
            Expect.Near("ppo_kl", moved, PpoKl(mode, report) / (layout.ActiveTokens + CountEpsilon));
    }

    // verl's GMPO also counts tokens outside the band that are on their way back and therefore not stopped.
    private static bool OutsideBand(TokenReport report, int i)
    {
        var clip = (GmpoClip)((PolicyObjective)report.Objective).Clip;
        var moved = report.Batch.LogProbs.Values[i] - report.Batch.OldLogProbs.Values[i];
        return moved > clip.High || moved < -clip.Low;
    }

    // Where verl clamps log-ratios it logs the clamped ones; KL-Cov logs their absolute values.
    private static double PpoKl(string? mode, TokenReport report)
    {
        var layout = report.Batch.Layout;
        if (mode is "vanilla" or "cispo" or "sapo" or "dppo_tv" or "dppo_kl")
            return -Enumerable.Range(0, layout.Tokens).Where(layout.IsActive).Sum(i => Math.Log(report.Ratio!.Values[i]));
        if (mode == "kl_cov")
            return Enumerable
                .Range(0, layout.Tokens)
                .Where(layout.IsActive)
                .Sum(i => Math.Abs(Math.Log(report.Ratio!.Values[i])));
        return report.Summary.KlToOld!.Value * layout.ActiveTokens;
    }
}
