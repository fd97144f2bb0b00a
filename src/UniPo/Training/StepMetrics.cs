namespace UniPo;

/// <summary>The numbers of a step, by their keys in the <see cref="MetricGlossary"/> and in its order.</summary>
internal static class StepMetrics
{
    public static IReadOnlyDictionary<string, double> Of(Update update, Rollout? fresh)
    {
        var (report, batch, summary) = (update.Report, update.Report.Batch, update.Report.Summary);
        var responses = batch.Responses;
        var found = new Dictionary<string, double?>
        {
            ["reward"] = responses.Average(r => r.Reward),
            ["reward_std"] = batch.Groups.Average(g => Spread(g.Responses)),
            ["policy_objective"] = summary.Objective,
            ["policy_loss"] = summary.Loss,
            ["kl"] = batch.ReferenceLogProbs is null
                ? null
                : Mean(batch.Layout, i => K3(batch.LogProbs.Values[i], batch.ReferenceLogProbs.Values[i])),
            ["entropy"] = batch.Entropies is null ? null : Mean(batch.Layout, i => batch.Entropies.Values[i]),
            ["response_length"] = responses.Average(r => (double)r.Length),
            ["truncated"] = responses.Average(r => r.Truncated ? 1.0 : 0.0),
            ["clip_fraction"] = summary.ClipFraction,
            ["importance_sampling_ratio"] = summary.RatioMean,
            ["silent_groups"] = batch.Groups.Average(g => g.Responses.All(r => r.Reward == g.Responses[0].Reward) ? 1.0 : 0.0),
            ["tokens_without_gradient"] = summary.TokensWithoutGradient,
            ["advantage_mean"] = report.Advantage is { } a ? Mean(batch.Layout, i => a.Values[i]) : null,
            ["advantage_std"] = report.Advantage is { } b ? Spread(batch.Layout, b) : null,
            ["value_loss"] =
                update.Batch.ValueTargets is { } target && batch.Values is { } v
                    ? Mean(batch.Layout, i => Square(v.Values[i] - target.Values[i]))
                    : null,
            ["grad_norm"] = update.GradientNorm,
            ["learning_rate"] = update.LearningRate,
            ["step_kl"] = update.StepKl,
            ["dynamic_sampling_pass_rate"] = fresh?.PassRate,
            ["generated_tokens"] = fresh?.GeneratedTokens ?? 0,
        };
        return MetricGlossary
            .All.Where(m => found.GetValueOrDefault(m.Key) is { } value && double.IsFinite(value))
            .ToDictionary(m => m.Key, m => found[m.Key]!.Value);
    }

    public static IReadOnlyDictionary<string, double> With(IReadOnlyDictionary<string, double> metrics, string key, double value)
    {
        var all = new Dictionary<string, double>(metrics) { [key] = value };
        return MetricGlossary.All.Where(m => all.ContainsKey(m.Key)).ToDictionary(m => m.Key, m => all[m.Key]);
    }

    /// <summary>Schulman's k3 estimate of KL(π_θ ‖ π_ref) from one sampled token: never negative, and right on average.</summary>
    private static double K3(double logProb, double reference) => Math.Exp(reference - logProb) - (reference - logProb) - 1;

    private static double Square(double x) => x * x;

    private static double Spread(IReadOnlyList<Response> group)
    {
        if (group.Count < 2)
            return 0;
        var mean = group.Average(r => r.Reward);
        return Math.Sqrt(group.Sum(r => Square(r.Reward - mean)) / (group.Count - 1));
    }

    private static double? Spread(TokenLayout layout, TokenColumn column)
    {
        var mean = Mean(layout, i => column.Values[i]);
        return mean is { } m && Mean(layout, i => Square(column.Values[i] - m)) is { } variance ? Math.Sqrt(variance) : null;
    }

    private static double? Mean(TokenLayout layout, Func<int, double> value)
    {
        var sum = 0.0;
        for (var i = 0; i < layout.Tokens; i++)
            if (layout.IsActive(i))
                sum += value(i);
        return layout.ActiveTokens == 0 ? null : sum / layout.ActiveTokens;
    }
}
