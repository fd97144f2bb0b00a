using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>A trainable policy that fits on a page: the next token depends on the last one alone, one logit a pair.</summary>
internal sealed class BigramPolicy(ITokenizer vocabulary) : ITrainablePolicy
{
    public BigramPolicy(ITokenizer vocabulary, ulong seed, double spread = 1)
        : this(vocabulary)
    {
        var random = new SeededRandom(seed);
        foreach (ref var value in Parameters.Values.AsSpan())
            value = (float)(spread * random.NextGaussian());
    }

    public ITokenizer Tokenizer => vocabulary;

    public ParameterSet Parameters { get; } = new([("table.weight", [vocabulary.Count, vocabulary.Count])]);

    public bool HasValueHead => false;

    public Span<float> Logits(int last) => Parameters.Values.AsSpan(last * vocabulary.Count, vocabulary.Count);

    public ITrainablePolicy Clone()
    {
        var copy = new BigramPolicy(vocabulary);
        Parameters.Values.CopyTo(copy.Parameters.Values, 0);
        return copy;
    }

    public IDecoding Begin(IReadOnlyList<int[]> prompts, int group, int maxTokens) =>
        new Decoding(this, [.. prompts.SelectMany(p => Enumerable.Repeat(p[^1], group))]);

    public void Score(
        TokenSequences sequences,
        double temperature,
        Span<double> logProbs,
        Span<double> entropies = default,
        Span<double> values = default
    )
    {
        var pass = new Pass(this, sequences, temperature);
        pass.LogProbs.CopyTo(logProbs);
        if (!entropies.IsEmpty)
            pass.Entropies.CopyTo(entropies);
    }

    public IForwardPass Forward(TokenSequences sequences, double temperature) => new Pass(this, sequences, temperature);

    private sealed class Decoding(BigramPolicy policy, int[] last) : IDecoding
    {
        private readonly float[] _logits = new float[last.Length * policy.Tokenizer.Count];

        public int Rows => last.Length;

        public ReadOnlySpan<float> Logits
        {
            get
            {
                for (var row = 0; row < last.Length; row++)
                    if (last[row] >= 0)
                        policy.Logits(last[row]).CopyTo(_logits.AsSpan(row * policy.Tokenizer.Count));
                return _logits;
            }
        }

        public void Append(ReadOnlySpan<int> tokens) => tokens.CopyTo(last);

        public void Dispose() { }
    }

    private sealed class Pass : IForwardPass
    {
        private readonly BigramPolicy _policy;
        private readonly (int Last, int Token)[] _pairs;
        private readonly double[] _logProbs,
            _entropies;
        private readonly double _temperature;

        public Pass(BigramPolicy policy, TokenSequences sequences, double temperature)
        {
            (_policy, _temperature) = (policy, temperature);
            _pairs =
            [
                .. sequences.Responses.SelectMany(
                    (tokens, row) =>
                        tokens.Select(
                            (token, t) => (t == 0 ? sequences.Prompts[sequences.Layout.GroupOf[row]][^1] : tokens[t - 1], token)
                        )
                ),
            ];
            _logProbs = [.. _pairs.Select(p => Math.Log(Distribution(p.Last)[p.Token]))];
            _entropies = [.. _pairs.Select(p => -Distribution(p.Last).Sum(q => q == 0 ? 0 : q * Math.Log(q)))];
        }

        public ReadOnlySpan<double> LogProbs => _logProbs;

        public ReadOnlySpan<double> Entropies => _entropies;

        public ReadOnlySpan<double> Values => [];

        public void Backward(
            ReadOnlySpan<double> weights,
            ReadOnlySpan<double> entropyWeights = default,
            ReadOnlySpan<double> valueWeights = default
        )
        {
            for (var i = 0; i < _pairs.Length; i++)
            {
                var (last, token) = _pairs[i];
                var q = Distribution(last);
                for (var v = 0; v < q.Length; v++)
                {
                    var slope = weights[i] * ((v == token ? 1 : 0) - q[v]);
                    if (!entropyWeights.IsEmpty)
                        slope -= entropyWeights[i] * q[v] * (Math.Log(q[v]) + _entropies[i]);
                    _policy.Parameters.Gradient[last * q.Length + v] += (float)(slope / _temperature);
                }
            }
        }

        private double[] Distribution(int last)
        {
            var logits = _policy.Logits(last).ToArray();
            double[] weights = [.. logits.Select(l => Math.Exp((l - (double)logits.Max()) / _temperature))];
            var sum = weights.Sum();
            return [.. weights.Select(w => w / sum)];
        }
    }
}
