using UniPo.Numerics;

namespace UniPo;

/// <summary>One token, chosen from logits.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProb">Its log-probability at the temperature of sampling, in nats.</param>
/// <param name="Entropy">Entropy of the distribution it was chosen from, in nats; NaN where it was not measured.</param>
public readonly record struct NextToken(int Token, double LogProb, double Entropy)
{
    /// <summary>In place of a place: the most probable token, the lowest id of several.</summary>
    public const double MostProbable = -1;

    /// <summary>In place of a place: this row has ended, nothing is chosen for it.</summary>
    public const double Ended = double.NaN;

    /// <summary>Draws from softmax(logits / temperature).</summary>
    /// <param name="logits">[V] at least one of them finite, none NaN.</param>
    /// <param name="temperature">&gt; 0.</param>
    /// <param name="random">Gives the one number that decides the draw.</param>
    /// <exception cref="NotFiniteNumberException">The logits are NaN or infinite.</exception>
    public static NextToken Draw(ReadOnlySpan<float> logits, double temperature, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Choose(logits, temperature, random.NextDouble());
    }

    /// <summary>
    /// The most probable token, the lowest id of several. Log-probability and entropy are those at the given temperature.
    /// </summary>
    public static NextToken Greedy(ReadOnlySpan<float> logits, double temperature) => Choose(logits, temperature, MostProbable);

    /// <summary>The token at a place on the line of stacked probabilities.</summary>
    /// <param name="logits">[V] at least one of them finite, none NaN.</param>
    /// <param name="temperature">Divides them, &gt; 0.</param>
    /// <param name="place">In [0, 1), or <see cref="MostProbable"/>.</param>
    /// <exception cref="NotFiniteNumberException">The logits are NaN or infinite.</exception>
    public static NextToken Choose(ReadOnlySpan<float> logits, double temperature, double place)
    {
        Span<double> weights = logits.Length <= 256 ? stackalloc double[logits.Length] : new double[logits.Length];
        double most = double.NegativeInfinity,
            sum = 0,
            mean = 0;
        foreach (var logit in logits)
            most = Math.Max(most, logit / temperature); // NaN wins here, so a broken policy is noticed
        if (!double.IsFinite(most))
            throw new NotFiniteNumberException(
                FormattableString.Invariant(
                    $"the policy's logits are not finite (their maximum is {most}), so nothing can be sampled from them"
                ),
                most
            );
        var best = -1;
        for (var id = 0; id < logits.Length; id++)
        {
            sum += weights[id] = Math.Exp(logits[id] / temperature - most); // at most 1: no overflow whatever the logits
            if (best < 0 && logits[id] / temperature == most)
                best = id;
            if (weights[id] > 0)
                mean += weights[id] * (logits[id] / temperature - most);
        }
        var token = place >= 0 ? Hit(weights, place * sum) : best;
        var logSum = Math.Log(sum);
        return new NextToken(token, logits[token] / temperature - most - logSum, logSum - mean / sum);
    }

    private static int Hit(ReadOnlySpan<double> weights, double left)
    {
        var last = 0;
        for (var id = 0; id < weights.Length; id++)
        {
            if (weights[id] == 0)
                continue;
            last = id; // rounding may leave a crumb over: it falls to the last possible token
            if ((left -= weights[id]) < 0)
                break;
        }
        return last;
    }
}
