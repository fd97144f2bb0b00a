namespace UniPo.Tests.Golden;

/// <summary>Preference losses of TRL, the DPO authors and OpenRLHF (dpo.json).</summary>
internal static class Preferences
{
    public static void Check(GoldenCase c)
    {
        var config = c.Inside("config");
        config.Knows("beta", "label_smoothing", "f_divergence_type", "ld_alpha", "use_weighting");
        if (config.Has("ld_alpha") || config.Has("use_weighting"))
            throw new NotCoveredException("a variant of the log-ratio");
        if (c.Text("impl") == "trl")
            Tokens(c, config);
        else
            Sequences(c, config);
    }

    internal static PreferenceLoss Loss(string impl, string type, GoldenCase config)
    {
        var (beta, smoothing) = (config.Number("beta"), config.Or("label_smoothing", 0));
        return type switch
        {
            "sigmoid" => new DpoLoss
            {
                Beta = beta,
                LabelSmoothing = smoothing,
                Divergence = Divergence(config.TextOrNull("f_divergence_type")),
            },
            "sigmoid_norm" => new DpoLoss
            {
                Beta = beta,
                LabelSmoothing = smoothing,
                PerToken = true,
            },
            "robust" => new RobustDpoLoss { Beta = beta, FlippedLabels = smoothing },
            "ipo" => new IpoLoss { Beta = beta, PerToken = impl == "trl" },
            "hinge" => new HingeLoss { Beta = beta },
            "apo_zero" => new ApoLoss { Beta = beta },
            "apo_down" => new ApoLoss { Beta = beta, Down = true },
            "sppo_hard" => new SppoLoss { Beta = beta },
            "exo_pair" => new ExoLoss { Beta = beta, LabelSmoothing = smoothing },
            "discopop" => new DiscoPopLoss { Beta = beta },
            "nca_pair" => new NcaLoss { Beta = beta },
            _ => throw new NotCoveredException($"loss_type {type}"),
        };
    }

    private static RewardDivergence Divergence(string? name) =>
        name switch
        {
            null or "reverse_kl" => RewardDivergence.ReverseKl,
            "forward_kl" => RewardDivergence.ForwardKl,
            "js_divergence" => RewardDivergence.JensenShannon,
            _ => throw new NotCoveredException($"divergence {name}"),
        };

    // TRL's inputs are 5 chosen responses, then 5 rejected ones; here each pair becomes a group.
    private static void Tokens(GoldenCase c, GoldenCase config)
    {
        var input = GoldenFolder.Current.PreferenceInputs[(int)c.Number("seed")];
        var pairs = (int)input.Number("pairs");
        int[] order = [.. Enumerable.Range(0, pairs).SelectMany(p => new[] { p, pairs + p })];
        double[][] Ordered(string name) => [.. order.Select(row => input.Grid(name)[row])];
        var batch = Batch(Ordered("log_probs"), Ordered("ref_log_probs"), Ordered("completion_mask"));
        var objective = new PreferenceObjective { Name = "TRL", Loss = Loss("trl", c.Text("loss_type"), config) };
        var report = objective.Evaluate(batch);
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        var expected = order.Select(row => c.Grid("grad_log_probs")[row]).ToArray();
        Expect.Negated("grad_log_probs", expected, report.Weight);
        var sums = (objective with { Loss = new DpoLoss() }).LogRatios(batch);
        Expect.Near(
            "chosen_rewards_mean",
            c.Number("chosen_rewards_mean"),
            config.Number("beta") * sums.Where((_, i) => i % 2 == 0).Average()
        );
        Expect.Near(
            "rejected_rewards_mean",
            c.Number("rejected_rewards_mean"),
            config.Number("beta") * sums.Where((_, i) => i % 2 == 1).Average()
        );
    }

    // The others give the log-probability of each response: a response of one token.
    private static void Sequences(GoldenCase c, GoldenCase config)
    {
        double[][] Woven(string chosen, string rejected) =>
            [.. c.Numbers(chosen).Zip(c.Numbers(rejected), (w, l) => new[] { new[] { w }, new[] { l } }).SelectMany(p => p)];
        var now = Woven("chosen_logps", "rejected_logps");
        var batch = Batch(now, Woven("ref_chosen_logps", "ref_rejected_logps"), [.. now.Select(_ => new[] { 1.0 })]);
        var objective = new PreferenceObjective
        {
            Name = c.Text("impl"),
            Loss = Loss(c.Text("impl"), c.Text("loss_type"), config),
        };
        var report = objective.Evaluate(batch);
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Negated("gradient", Woven("grad_chosen_logps", "grad_rejected_logps"), report.Weight);
        var moved = objective.LogRatios(batch);
        Expect.Near(
            "chosen_rewards",
            c.Numbers("chosen_rewards"),
            moved.Where((_, i) => i % 2 == 0).Select(m => config.Number("beta") * m).ToArray()
        );
        Expect.Near(
            "rejected_rewards",
            c.Numbers("rejected_rewards"),
            moved.Where((_, i) => i % 2 == 1).Select(m => config.Number("beta") * m).ToArray()
        );
        if (!c.Has("per_pair_loss"))
            return;
        double[] each = [.. moved.Chunk(2).Select(p => objective.Loss.At(p[0], p[1]).Loss)];
        Expect.Near("per_pair_loss", c.Numbers("per_pair_loss"), each);
    }

    private static RolloutBatch Batch(double[][] now, double[][] reference, double[][] mask)
    {
        var layout = new TokenLayout(
            [.. now.Select(r => r.Length)],
            [.. Enumerable.Repeat(2, now.Length / 2)],
            [.. mask.SelectMany(r => r).Select(m => m > 0)]
        );
        var row = 0;
        return new RolloutBatch
        {
            Groups =
            [
                .. Enumerable
                    .Range(0, now.Length / 2)
                    .Select(_ => new ResponseGroup(
                        new Prompt("golden"),
                        [
                            new Response { Symbols = [.. now[row++].Select(_ => "x")], Reward = 1 },
                            new Response { Symbols = [.. now[row++].Select(_ => "x")], Reward = 0 },
                        ]
                    )),
            ],
            Layout = layout,
            LogProbs = TokenColumn.FromRows(layout, now),
            OldLogProbs = TokenColumn.FromRows(layout, now),
            ReferenceLogProbs = TokenColumn.FromRows(layout, reference),
        };
    }
}
