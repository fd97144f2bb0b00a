using System.Runtime.CompilerServices;
using UniPo.Numerics;

namespace UniPo;

/// <summary>One token, chosen from logits.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProb">Its log-probability at the temperature of sampling, in nats.</param>
/// <param name="Entropy">Entropy of the distribution it was chosen from, in nats.</param>
public readonly record struct NextToken(int Token, double LogProb, double Entropy)
{
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
    public static NextToken Greedy(ReadOnlySpan<float> logits, double temperature) => Choose(logits, temperature, place: null);

    /// <summary>
    /// As <see cref="Draw(ReadOnlySpan{float}, double, SeededRandom)"/>, in the arithmetic of the policy that gave the logits.
    /// </summary>
    /// <remarks>
    /// The transformer scores in single precision. Taken the same way, log-probabilities of sampling are those of its full pass
    /// to the last bit.
    /// </remarks>
    internal static NextToken Draw(IPolicy policy, ReadOnlySpan<float> logits, double temperature, SeededRandom random) =>
        policy is TinyTransformer
            ? ChooseInSingle(logits, temperature, random.NextDouble())
            : Choose(logits, temperature, random.NextDouble());

    [SkipLocalsInit] // two scratch rows that are written before they are read
    private static NextToken ChooseInSingle(ReadOnlySpan<float> logits, double temperature, double place)
    {
        Span<float> z = stackalloc float[LogSoftmax.Longest],
            weights = stackalloc float[LogSoftmax.Longest];
        if (!LogSoftmax.TryCompute(logits, temperature, z, weights, out var sum, out var mean))
            return Choose(logits, temperature, place);
        var left = place * sum;
        var token = 0;
        while ((left -= weights[token]) >= 0 && token + 1 < logits.Length)
            token++;
        var logSum = Math.Log(sum);
        return new NextToken(token, z[token] - logSum, logSum - ((double)mean / sum));
    }

    /// <param name="logits">[V] the raw numbers.</param>
    /// <param name="temperature">Divides them.</param>
    /// <param name="place">In [0, 1): the place on the line of stacked probabilities that is hit; null takes the most probable
    /// token.</param>
    private static NextToken Choose(ReadOnlySpan<float> logits, double temperature, double? place)
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
        var token = place is { } hit ? Hit(weights, hit * sum) : best;
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

    /// <inheritdoc/>
    public override string ToString() => InvariantText.Of(nameof(NextToken), PrintMembers);
}
