using System.Text.Json;

namespace UniPo.Tests.Golden;

/// <summary>
/// verl's small functions: KL estimators, aggregation, value loss, entropy, adaptive coefficient, whitening
/// (verl_kl_agg_value.json).
/// </summary>
internal static class VerlParts
{
    public static void Check(GoldenCase c)
    {
        switch (c.Text("what"))
        {
            case "kl_penalty":
                KlPenalty(c, KlEstimator(c.Text("kind")));
                break;
            case "agg_loss":
                AggLoss(c);
                break;
            case "value_loss":
                ValueLoss(c);
                break;
            case "entropy_loss":
                EntropyLoss(c);
                break;
            case "adaptive_kl_controller":
                AdaptiveKl(c);
                break;
            case "masked_whiten":
                Whiten(c);
                break;
            default:
                throw new NotCoveredException($"what = {c.Text("what")}");
        }
    }

    public static KlEstimator KlEstimator(string kind)
    {
        var gradientOfK2 = kind.EndsWith('+');
        KlEstimator estimator = kind.TrimEnd('+') switch
        {
            "kl" or "k1" => UniPo.KlEstimator.K1,
            "abs" => UniPo.KlEstimator.Absolute,
            "mse" or "k2" => UniPo.KlEstimator.K2,
            "low_var_kl" or "k3" => new K3Estimator { LogRatioClamp = 20, ValueClamp = 10 },
            _ => throw new NotCoveredException($"KL estimator {kind}"),
        };
        return gradientOfK2 ? estimator with { GradientOfK2 = true } : estimator;
    }

    public static void KlPenalty(GoldenCase c, KlEstimator estimator)
    {
        var (now, reference) = (c.Numbers("log_probs"), c.Numbers("ref_log_probs"));
        var points = now.Zip(reference, (l, r) => estimator.At(l - r)).ToArray();
        Expect.Near("value", c.Numbers("value"), points.Select(p => p.Value).ToArray());
        Expect.Near("slope", c.Numbers("grad_log_probs"), points.Select(p => p.Slope).ToArray());
    }

    private static void AggLoss(GoldenCase c)
    {
        var batch = GoldenFolder.Current.BatchOf(c);
        var rollout = batch.ToRollout();
        // Without a ratio the term is A·log π: with log π = −1 everywhere, A = values makes the loss the aggregate of values.
        var unit = rollout.WithLogProbs([.. Enumerable.Repeat(-1.0, rollout.Layout.Tokens)]);
        var objective = new PolicyObjective
        {
            Name = "sum",
            Advantage = new RewardOnly(),
            Ratio = Ratio.None,
            Clip = Clip.None,
            Aggregation = VerlLosses.Aggregation(c.Text("loss_agg_mode"), c.Inside("config")),
        };
        var report = objective.Evaluate(
            new CreditedBatch
            {
                Batch = unit,
                Totals = VerlLosses.Totals(c, rollout.Layout),
                Advantages = GoldenBatch.Advantages(rollout.Layout, batch.Grid(c.Text("loss_mat"))),
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
    }

    private static void ValueLoss(GoldenCase c)
    {
        var rollout = GoldenFolder.Current.BatchOf(c).ToRollout();
        var objective = new PolicyObjective
        {
            Name = "value",
            Advantage = new RewardOnly(),
            Ratio = Ratio.None,
            Clip = Clip.None,
            Aggregation = VerlLosses.Aggregation(c.Text("loss_agg_mode"), GoldenCase.None),
            Value = new ValueLoss { ClipRange = c.Number("cliprange_value") },
        };
        var zero = new TokenColumn(rollout.Layout, new double[rollout.Layout.Tokens]);
        var report = objective.Evaluate(
            new CreditedBatch
            {
                Batch = rollout,
                Totals = BatchTotals.Of(rollout.Layout),
                Advantages = zero,
                ValueTargets = new TokenColumn(rollout.Layout, [.. c.Grid("returns").SelectMany(r => r)]),
            }
        );
        Expect.Near("loss", c.Number("loss"), report.Summary.Loss);
        Expect.Negated("grad_vpreds", c.Grid("grad_vpreds"), report.ValueWeight!);
        Expect.Near(
            "clipfrac",
            c.Number("clipfrac"),
            report.Summary.ValueClipFraction!.Value * rollout.Layout.ActiveTokens / (rollout.Layout.ActiveTokens + 1e-8)
        );
    }

    private static void EntropyLoss(GoldenCase c)
    {
        var logits = c
            .Json.GetProperty("logits")
            .EnumerateArray()
            .Select(r => r.EnumerateArray().Select(GoldenCase.Numbers).ToArray())
            .ToArray();
        var mask = c.Grid("mask");
        var layout = new TokenLayout(
            [.. mask.Select(r => r.Length)],
            [mask.Length],
            [.. mask.SelectMany(r => r).Select(m => m > 0)]
        );
        double[] entropies = [.. logits.SelectMany(r => r).Select(Entropy)];
        Expect.Near("token_entropy", c.Grid("token_entropy"), entropies);
        var minusOne = new TokenColumn(layout, [.. Enumerable.Repeat(-1.0, layout.Tokens)]);
        var batch = new RolloutBatch
        {
            Groups =
            [
                new ResponseGroup(
                    new Prompt("golden"),
                    [.. mask.Select(r => new Response { Symbols = [.. r.Select(_ => "x")] })]
                ),
            ],
            Layout = layout,
            LogProbs = minusOne,
            OldLogProbs = minusOne,
            Entropies = new TokenColumn(layout, entropies),
        };
        var objective = new PolicyObjective
        {
            Name = "entropy",
            Advantage = new RewardOnly(),
            Ratio = Ratio.None,
            Clip = Clip.None,
            Entropy = new EntropyBonus { Coefficient = 1 },
            Aggregation = VerlLosses.Aggregation(c.Text("loss_agg_mode"), GoldenCase.None),
        };
        var report = objective.Evaluate(batch);
        Expect.Near("loss", c.Number("loss"), report.Summary.Objective);
        // ∂H/∂logit_v = −p_v·(log p_v + H); the weight says how much each token's H counts.
        var gradient = logits
            .SelectMany(r => r)
            .SelectMany((token, i) => EntropySlope(token).Select(s => s * report.EntropyWeight!.Values[i]))
            .ToArray();
        double[] expected =
        [
            .. c
                .Json.GetProperty("grad_logits")
                .EnumerateArray()
                .SelectMany(r => r.EnumerateArray().SelectMany(GoldenCase.Numbers)),
        ];
        Expect.Near("grad_logits", expected, gradient);
    }

    private static double Entropy(double[] logits) => -LogProbs(logits).Sum(l => Math.Exp(l) * l);

    private static double[] EntropySlope(double[] logits)
    {
        var entropy = Entropy(logits);
        return [.. LogProbs(logits).Select(l => -Math.Exp(l) * (l + entropy))];
    }

    private static double[] LogProbs(double[] logits)
    {
        var most = logits.Max();
        var log = most + Math.Log(logits.Sum(v => Math.Exp(v - most)));
        return [.. logits.Select(v => v - log)];
    }

    private static void AdaptiveKl(GoldenCase c)
    {
        var rule = new AdaptiveCoefficient { Target = c.Number("target"), Horizon = c.Number("horizon") };
        var coefficient = c.Number("init");
        foreach (var step in c.Json.GetProperty("steps").EnumerateArray())
        {
            var inner = new GoldenCase(c.File, c.Index, step);
            coefficient = rule.Next(coefficient, inner.Number("current_kl"), inner.Number("n_steps"));
            Expect.Near("coefficient", inner.Number("coef_after"), coefficient);
        }
    }

    private static void Whiten(GoldenCase c)
    {
        var batch = GoldenFolder.Current.BatchOf(c);
        var layout = batch.ToRollout().Layout;
        var values = batch.Flat(c.Text("values"));
        values = new Whitening { ShiftMean = c.Flag("shift_mean"), CountEpsilon = 1e-8 }.Apply(layout, values);
        var expected = c.Grid("out").SelectMany(row => row).Select((x, i) => layout.IsActive(i) ? x : 0).ToArray();
        Expect.Near("out", expected, values); // what verl leaves on masked tokens means nothing
    }
}
