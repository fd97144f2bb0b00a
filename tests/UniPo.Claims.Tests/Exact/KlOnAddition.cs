namespace UniPo.Claims.Tests;

/// <summary>
/// Whole next-token distributions of a trained policy and its base: the KL divergence, and what estimates from single tokens give
/// on average.
/// </summary>
internal sealed class KlOnAddition
{
    private static readonly Lazy<KlOnAddition> Once = new(() => new KlOnAddition());
    private readonly double[] _policy,
        _reference;
    private readonly int _symbols;

    private KlOnAddition()
    {
        var (trained, reference) = (Runs.Base("addition").Clone(), Runs.Base("addition").Clone());
        new Trainer(
            trained,
            Tasks.Addition(),
            Algorithms.Grpo with
            {
                Kl = Kl.None,
            },
            new()
            {
                Seed = 1,
                TokensEvery = 0,
                MeasureHeldOut = false,
            }
        ).Train(100);
        var batch = Sampler.Sample(trained, Tasks.Addition(), prompts: 100, group: 10, seed: 2); // places that the policy itself comes to
        (_symbols, Places) = (trained.Vocabulary.Count, batch.Layout.Tokens);
        (_policy, _reference) = (Distributions(trained, batch), Distributions(reference, batch));
        Exact = Over((p, u) => p * u) / Places;
    }

    /// <summary>The measurement; made once.</summary>
    public static KlOnAddition Measure() => Once.Value;

    /// <summary>Number of distributions.</summary>
    public int Places { get; }

    /// <summary>Mean KL(π ‖ π_ref), in nats per token.</summary>
    public double Exact { get; }

    /// <summary>E k: what the estimator gives on average over the tokens that could have been sampled.</summary>
    public double Mean(KlEstimator k) => Over((p, u) => p * k.At(u).Value) / Places;

    /// <summary>|E ∇k − ∇KL| / |∇KL|, with respect to the logits.</summary>
    public double GradientError(KlEstimator k)
    {
        var (error, length) = (0.0, 0.0);
        for (var place = 0; place < Places; place++)
        {
            var (estimate, truth) = (Gradient(place, u => k.At(u).Slope), Gradient(place, u => u));
            error += estimate.Zip(truth, (a, b) => (a - b) * (a - b)).Sum();
            length += truth.Sum(x => x * x);
        }
        return Math.Sqrt(error / length);
    }

    /// <summary>Half of the sampled tokens have a smaller k3.</summary>
    public double MedianOfK3
    {
        get
        {
            var below = 0.0;
            foreach (var (p, k3) in ByK3())
                if ((below += p) >= Places / 2.0)
                    return k3;
            return double.NaN;
        }
    }

    /// <summary>Share of the mean that the largest hundredth of the tokens makes up.</summary>
    public double ShareOfTopPercent
    {
        get
        {
            var (tokens, sum) = (0.0, 0.0);
            foreach (var (p, k3) in ByK3().Reverse())
            {
                var taken = Math.Min(p, Places / 100.0 - tokens);
                (tokens, sum) = (tokens + taken, sum + taken * k3);
                if (tokens >= Places / 100.0)
                    break;
            }
            return sum / (Exact * Places);
        }
    }

    private (double P, double K3)[] ByK3() =>
        [
            .. Enumerable
                .Range(0, _policy.Length)
                .Select(i => (P: Math.Exp(_policy[i]), K3: KlEstimator.K3.At(_policy[i] - _reference[i]).Value))
                .OrderBy(x => x.K3),
        ];

    /// <summary>Σ_a p_a·s_a·∇log p_a, by logit: p_b·(s_b − Σ p s). With s = u it is the gradient of the KL itself.</summary>
    private double[] Gradient(int place, Func<double, double> slope)
    {
        var (p, s) = (new double[_symbols], new double[_symbols]);
        for (var a = 0; a < _symbols; a++)
            (p[a], s[a]) = (
                Math.Exp(_policy[place * _symbols + a]),
                slope(_policy[place * _symbols + a] - _reference[place * _symbols + a])
            );
        var mean = p.Zip(s, (x, y) => x * y).Sum();
        return [.. p.Zip(s, (x, y) => x * (y - mean))];
    }

    private double Over(Func<double, double, double> term)
    {
        var sum = 0.0;
        for (var i = 0; i < _policy.Length; i++)
            sum += term(Math.Exp(_policy[i]), _policy[i] - _reference[i]);
        return sum;
    }

    private static double[] Distributions(TinyTransformer policy, RolloutBatch batch)
    {
        var all = new double[batch.Layout.Tokens * policy.Vocabulary.Count];
        ((IDistributionPass)policy.Forward(batch.Sequences!, 1)).Distributions(all);
        return all;
    }
}
