namespace UniPo.Tests.Golden;

/// <summary>oat with understand-r1-zero (Dr. GRPO), and the GMPO authors' code (oat_drgrpo_gmpo.json).</summary>
internal static class OatAndGmpo
{
    public static void Check(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows(
            "critic_type",
            "generate_max_length",
            "cliprange",
            "cliprange_value",
            "num_samples",
            "beta",
            "reinforce_update",
            "kl_penalty_coef",
            "gamma",
            "lam",
            "whiten_adv",
            "ignore_no_eos",
            "critic_type_modify"
        );
        if (c.Text("impl").StartsWith("oat", StringComparison.Ordinal))
            Oat(c, config);
        else
            Gmpo(c, config);
    }

    private static void Oat(GoldenCase c, GoldenCase config)
    {
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout(c.Text("mask"), null, Groups(config, batch));
        var ppo = config.Text("critic_type") == "ppo";
        var constant = new ConstantLength { Length = config.Number("generate_max_length") };
        Aggregation aggregation = config.Text("critic_type") == "drgrpo" ? constant : new SequenceMean();
        var objective = new PolicyObjective
        {
            Name = "oat",
            Advantage = Estimator(config),
            Ratio = config.Flag("reinforce_update") ? Ratio.None : Ratio.Token,
            Clip = config.Flag("reinforce_update") ? Clip.None : Clip.Symmetric(config.Number("cliprange")),
            Aggregation = aggregation,
            Kl = Penalty(config),
            Filters = new Filters { DropTruncated = config.Flag("ignore_no_eos") },
        };
        var credited = objective.Credit(rollout);
        if (ppo)
        {
            Expect.Near(
                "advantages",
                VerlAdvantages.Masked(c.Grid("advantages"), batch.Source.Grid(c.Text("mask"))),
                credited.Advantages!.Values
            );
            Expect.Near(
                "returns",
                VerlAdvantages.Masked(c.Grid("returns"), batch.Source.Grid(c.Text("mask"))),
                credited.ValueTargets!.Values
            );
        }
        else
            credited = WithTheirRounding(c, objective, rollout, credited);
        var report = objective.Evaluate(credited);
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Gradient(c, report);
        // The log also counts the responses that ignore_no_eos takes out of the loss.
        if (c.Has("pg_clipfrac"))
            Expect.Near(
                "pg_clipfrac",
                c.Number("pg_clipfrac"),
                MeanOfRows((objective with { Filters = new() }).Evaluate(rollout))
            );
        if (ppo)
            Critic(c, config, objective, credited);
    }

    // The advantages are compared first. Loss and gradient then start from upstream's, so that what rounding left of its zeros
    // is not counted a second time.
    private static CreditedBatch WithTheirRounding(
        GoldenCase c,
        PolicyObjective objective,
        RolloutBatch rollout,
        CreditedBatch credited
    )
    {
        var theirs = c.Numbers("advantages");
        var perToken = RoundingNoise.Of(objective.Advantage, rollout.Layout, rollout.Rewards());
        double[] noise =
        [
            .. Enumerable
                .Range(0, rollout.Layout.Responses)
                .Select(row => rollout.Layout.Length(row) == 0 ? 0 : perToken[rollout.Layout.RowStarts[row]]),
        ];
        var ours = ((OutcomeAdvantage)objective.Advantage).PerResponse(rollout);
        Expect.Near("advantages", theirs, ours, noise: noise);
        return objective.Kl is KlInReward
            ? credited // the penalty is part of these advantages
            : credited with
            {
                Advantages = TokenColumn.PerResponse(credited.Batch.Layout, [.. theirs]),
            };
    }

    private static int[]? Groups(GoldenCase config, GoldenBatch batch) =>
        config.OrNull("num_samples") is { } size ? [.. Enumerable.Repeat((int)size, batch.Rows / (int)size)] : null;

    private static Kl Penalty(GoldenCase config)
    {
        if (config.Or("kl_penalty_coef", 0) > 0)
            return Kl.InReward(config.Number("kl_penalty_coef"));
        return config.Or("beta", 0) > 0 ? Kl.InLoss(config.Number("beta"), new K3Estimator { LogRatioClamp = 40 }) : Kl.None;
    }

    private static Advantage Estimator(GoldenCase config) =>
        config.Text("critic_type") switch
        {
            "drgrpo" => new GroupMean(),
            "grpo" => new GroupMeanStd { Epsilon = 1e-8 },
            "ppo" => new Gae
            {
                Gamma = config.Or("gamma", 1),
                Lambda = config.Or("lam", 0.95),
                MaskedTokens = MaskedTokens.Zero,
                Whiten = config.Flag("whiten_adv") ? new Whitening() : null,
            },
            var type => throw new NotCoveredException($"critic_type {type}"),
        };

    private static void Critic(GoldenCase c, GoldenCase config, PolicyObjective objective, CreditedBatch credited)
    {
        var critic = objective with
        {
            Ratio = Ratio.None,
            Clip = Clip.None,
            Kl = Kl.None,
            Value = new ValueLoss { ClipRange = config.Or("cliprange_value", 0.2) },
        };
        var report = critic.Evaluate(
            credited with
            {
                Advantages = new TokenColumn(credited.Batch.Layout, new double[credited.Batch.Layout.Tokens]),
            }
        );
        Expect.Near("critic_loss", c.Number("critic_loss"), report.Summary.Loss);
        Expect.Negated("grad_new_values", c.Grid("grad_new_values"), report.ValueWeight!);
    }

    private static double MeanOfRows(TokenReport report)
    {
        var layout = report.Batch.Layout;
        return Enumerable
            .Range(0, layout.Responses)
            .Average(row =>
                layout.ActiveInRow[row] == 0
                    ? 0
                    : Enumerable
                        .Range(layout.RowStarts[row], layout.Length(row))
                        .Count(i => layout.IsActive(i) && report.Clipped![i] != ClipSide.None) / (double)layout.ActiveInRow[row]
            );
    }

    private static void Gmpo(GoldenCase c, GoldenCase config)
    {
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout(c.Text("mask"), null, Groups(config, batch));
        var range = config.Number("cliprange");
        var variant = config.Text("critic_type_modify");
        var objective = new PolicyObjective
        {
            Name = "GMPO",
            Advantage = new GroupMeanStd { Epsilon = 1e-8 },
            Aggregation = new SequenceMean(),
            Ratio = variant == "gmpo_without_norm" ? Ratio.SequenceProduct : Ratio.SequenceMean,
            Clip = variant switch
            {
                "gmpo" or "gmpo_without_norm" => new GmpoClip(range, range),
                "gmpo_noclip" => Clip.None,
                "gmpo_seqclip" => new GmpoClip(range, range) { WholeResponse = true },
                _ => throw new NotCoveredException($"variant {variant}"),
            },
        };
        var credited = WithTheirRounding(c, objective, rollout, objective.Credit(rollout));
        TokenReport[] reports =
        [
            .. Enumerable
                .Range(0, rollout.Layout.Responses)
                .Select(row =>
                    objective.Evaluate(credited.MicroBatch([row]) with { Totals = new BatchTotals { Responses = 1 } })
                ),
        ];
        Expect.Near("per_response_loss", c.Numbers("per_response_loss"), reports.Select(r => r.Summary.Loss).ToArray());
        Expect.Near(
            "grad_log_probs_of_sum",
            c.Grid("grad_log_probs_of_sum"),
            reports.SelectMany(r => r.Weight.Values.ToArray()).Select(w => -w).ToArray()
        );
    }
}
