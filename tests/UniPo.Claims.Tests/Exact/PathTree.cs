namespace UniPo.Claims.Tests;

/// <summary>
/// A policy that can be written down: after every prefix, a probability for each symbol. All its responses can be gone through.
/// </summary>
/// <remarks>Its parameters are the logits after each prefix, so ∇log π(symbol | prefix) = e_symbol − π(· | prefix).</remarks>
internal sealed class PathTree
{
    private readonly string _symbols;
    private readonly int _longest;
    private readonly Func<string, bool> _ends;
    private readonly Dictionary<string, double[]> _logits = [];

    /// <param name="symbols">One character each.</param>
    /// <param name="longest">Tokens after which a response is over.</param>
    /// <param name="ends">Whether a response is over after this prefix.</param>
    /// <param name="logits">Logits of the symbols after a prefix; −∞ for one that cannot come.</param>
    public PathTree(string symbols, int longest, Func<string, bool> ends, Func<string, double[]> logits)
    {
        (_symbols, _longest, _ends) = (symbols, longest, ends);
        Grow("", logits);
    }

    private PathTree(PathTree other, IReadOnlyDictionary<string, double[]> step, double length)
    {
        (_symbols, _longest, _ends) = (other._symbols, other._longest, other._ends);
        foreach (var (prefix, logits) in other._logits)
            _logits[prefix] = [.. logits.Select((l, i) => l + length * step[prefix][i])];
    }

    /// <summary>Every response with its probability.</summary>
    public IEnumerable<(string Text, double Probability)> Responses() => Below("", 1);

    /// <summary>Probabilities of the symbols after a prefix.</summary>
    public double[] After(string prefix)
    {
        var logits = _logits[prefix];
        var weights = logits.Select(l => Math.Exp(l - logits.Max())).ToArray();
        return [.. weights.Select(w => w / weights.Sum())];
    }

    /// <summary>log π of each token of a response, in nats.</summary>
    public double[] LogProbs(string response) =>
        [.. response.Select((c, t) => Math.Log(After(response[..t])[_symbols.IndexOf(c, StringComparison.Ordinal)]))];

    /// <summary>The mean of a number of responses: over all of them, or over those that begin in a given way.</summary>
    public double Mean(Func<string, double> number, string beginning = "")
    {
        var (sum, total) = (0.0, 0.0);
        foreach (var (text, probability) in Responses())
            if (text.StartsWith(beginning, StringComparison.Ordinal))
                (sum, total) = (sum + probability * number(text), total + probability);
        return sum / total;
    }

    /// <summary>Σ_t w_t·∇log π(y_t) of one response, added to a sum.</summary>
    public void Push(Dictionary<string, double[]> gradient, string response, Func<int, double> weight, double factor)
    {
        for (var t = 0; t < response.Length; t++)
        {
            var (prefix, push) = (response[..t], factor * weight(t));
            var (slot, now) = (gradient[prefix], After(prefix));
            for (var i = 0; i < now.Length; i++)
                slot[i] += push * ((_symbols[i] == response[t] ? 1 : 0) - now[i]);
        }
    }

    /// <summary>A gradient that is 0 everywhere.</summary>
    public Dictionary<string, double[]> Zero() => _logits.Keys.ToDictionary(p => p, _ => new double[_symbols.Length]);

    /// <summary>The tree after a step along a gradient.</summary>
    public PathTree Moved(IReadOnlyDictionary<string, double[]> gradient, double length) => new(this, gradient, length);

    private void Grow(string prefix, Func<string, double[]> logits)
    {
        _logits[prefix] = logits(prefix);
        var next = After(prefix);
        for (var i = 0; i < next.Length; i++)
            if (next[i] > 0 && !Over(prefix + _symbols[i]))
                Grow(prefix + _symbols[i], logits);
    }

    private IEnumerable<(string, double)> Below(string prefix, double probability)
    {
        var next = After(prefix);
        for (var i = 0; i < next.Length; i++)
        {
            if (next[i] == 0)
                continue;
            var longer = prefix + _symbols[i];
            if (Over(longer))
                yield return (longer, probability * next[i]);
            else
                foreach (var response in Below(longer, probability * next[i]))
                    yield return response;
        }
    }

    private bool Over(string text) => text.Length == _longest || _ends(text);
}
