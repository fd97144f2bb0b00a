namespace UniPo;

/// <summary>
/// The way back: the chain rule, applied to every line of the forward pass from the last to the first. dx stands for ∂J/∂x and has
/// the shape of x.
/// </summary>
public sealed partial class Transformer
{
    /// <summary>The gradient of J = Σ w·log π + Σ e·H + Σ v·V, by the name of the tensor.</summary>
    /// <remarks>
    /// Every objective of this library reaches the model by nothing but these numbers: w = ∂J/∂log π of each token, and where there
    /// is an entropy bonus or a critic, e = ∂J/∂H and v = ∂J/∂V.
    /// </remarks>
    /// <param name="sequences">Prompts and responses.</param>
    /// <param name="weights">[ΣT] w of each token.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    /// <param name="entropyWeights">[ΣT] e of each token; empty for none.</param>
    /// <param name="valueWeights">[ΣT] v of each token; empty for none.</param>
    /// <exception cref="ArgumentException">There is not one weight for each token.</exception>
    public IReadOnlyDictionary<string, double[]> Gradient(
        TokenSequences sequences,
        ReadOnlySpan<double> weights,
        double temperature = 1,
        ReadOnlySpan<double> entropyWeights = default,
        ReadOnlySpan<double> valueWeights = default
    )
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (weights.Length != sequences.Layout.Tokens)
            throw new ArgumentException(
                $"There are {sequences.Layout.Tokens} tokens, but {weights.Length} weights; each token needs one."
            );
        var gradient = _parameters.ToDictionary(p => p.Key, p => new double[p.Value.Length]);
        for (int row = 0, token = 0; row < sequences.Responses.Count; row++)
        {
            int[] prompt = sequences.Prompts[sequences.Layout.GroupOf[row]],
                response = sequences.Responses[row];
            if (response.Length == 0)
                continue;
            var pass = Forward([.. prompt, .. response[..^1]]);
            var dlogits = Zeros(pass.Tokens.Length, Symbols); // [T, V]
            var dvalues = Zeros(pass.Tokens.Length, 1); // [T, 1]
            for (var t = 0; t < response.Length; t++, token++)
            {
                var state = prompt.Length + t - 1;
                var e = entropyWeights.IsEmpty ? 0 : entropyWeights[token];
                dlogits[state] = LogitGradient(pass.Logits[state], response[t], temperature, weights[token], e);
                dvalues[state][0] = valueWeights.IsEmpty ? 0 : valueWeights[token];
            }
            Backward(pass, dlogits, dvalues, gradient);
        }
        return gradient;
    }

    /// <summary>[V] with p = softmax(z / τ): ∂log p_k/∂z = (1_k − p) / τ, and ∂H/∂z = −p · (log p + H) / τ.</summary>
    private static double[] LogitGradient(double[] logits, int chosen, double temperature, double weight, double entropyWeight)
    {
        var logProbs = LogSoftmax(logits, temperature);
        var (entropy, dlogits) = (Entropy(logProbs), new double[logits.Length]);
        for (var k = 0; k < logits.Length; k++)
        {
            var p = Math.Exp(logProbs[k]);
            dlogits[k] = weight * ((k == chosen ? 1 : 0) - p); // the chosen symbol up, all others down, for a weight above 0
            dlogits[k] -= entropyWeight * p * (logProbs[k] + entropy);
            dlogits[k] /= temperature;
        }
        return dlogits;
    }

    private void Backward(Pass pass, double[][] dlogits, double[][] dvalues, Dictionary<string, double[]> gradient)
    {
        var dfinal = LinearBackward(dlogits, pass.Final, Head, gradient); // [T, D]
        if (_config.ValueHead)
            dfinal = Add(dfinal, LinearBackward(dvalues, pass.Final, "value_head.weight", gradient)); // [T, D]
        var dx = NormBackward(dfinal, pass.Stream, "model.norm.weight", gradient); // [T, D]
        for (var layer = _config.Layers - 1; layer >= 0; layer--)
            dx = Backward($"model.layers.{layer}.", dx, pass.Layers[layer], gradient); // [T, D]
        for (var t = 0; t < pass.Tokens.Length; t++)
        for (var i = 0; i < _config.Width; i++)
            gradient["model.embed_tokens.weight"][(pass.Tokens[t] * _config.Width) + i] += dx[t][i];
    }

    /// <summary>
    /// One layer backwards. A sum hands its derivative to both of its terms: so dx goes on unchanged along the residual stream, and
    /// what comes back from attention and the gated unit is added to it.
    /// </summary>
    private double[][] Backward(string layer, double[][] dx, Layer at, Dictionary<string, double[]> gradient)
    {
        // x = middle + gated · Wdownᵀ
        var dgated = LinearBackward(dx, at.Gated, layer + "mlp.down_proj.weight", gradient); // [T, F]
        // gated = g · σ(g) · u
        var dup = Pairwise(dgated, at.Gate, (d, g) => d * g * Sigmoid(g)); // [T, F]
        var slope = Pairwise(at.Gate, at.Up, (g, u) => u * Sigmoid(g) * (1 + (g * (1 - Sigmoid(g))))); // [T, F] ∂gated/∂g
        var dgate = Pairwise(dgated, slope, (d, s) => d * s); // [T, F]
        var dnormed = Add(
            LinearBackward(dgate, at.MiddleNormed, layer + "mlp.gate_proj.weight", gradient),
            LinearBackward(dup, at.MiddleNormed, layer + "mlp.up_proj.weight", gradient)
        ); // [T, D]
        dx = Add(dx, NormBackward(dnormed, at.Middle, layer + "post_attention_layernorm.weight", gradient)); // [T, D]

        // middle = x + attended · Woᵀ
        var dattended = LinearBackward(dx, at.Attended, layer + "self_attn.o_proj.weight", gradient); // [T, D]
        var (dq, dk, dv) = AttentionBackward(dattended, at); // [T, D] each
        // A rotation is undone by turning back, and so is its derivative.
        dnormed = LinearBackward(Rotate(dq, direction: -1), at.Normed, layer + "self_attn.q_proj.weight", gradient); // [T, D]
        dnormed = Add(dnormed, LinearBackward(Rotate(dk, direction: -1), at.Normed, layer + "self_attn.k_proj.weight", gradient));
        dnormed = Add(dnormed, LinearBackward(dv, at.Normed, layer + "self_attn.v_proj.weight", gradient));
        return Add(dx, NormBackward(dnormed, at.Input, layer + "input_layernorm.weight", gradient)); // [T, D]
    }

    /// <summary>
    /// attended_t = Σ_s a_ts v_s with a_t = softmax(scores_t): da_ts = dattended_t · v_s, then for a softmax
    /// dscore_ts = a_ts (da_ts − Σ_r a_tr da_tr), and scores are products of a query and a key.
    /// </summary>
    private (double[][] Queries, double[][] Keys, double[][] Values) AttentionBackward(double[][] dattended, Layer at)
    {
        var length = dattended.Length;
        double[][] dq = Zeros(length, _config.Width),
            dk = Zeros(length, _config.Width),
            dv = Zeros(length, _config.Width);
        for (var head = 0; head < _config.Heads; head++)
        for (var t = 0; t < length; t++)
        {
            var (a, da) = (at.Attention[head][t], new double[t + 1]);
            for (var s = 0; s <= t; s++)
            for (var i = head * HeadSize; i < (head + 1) * HeadSize; i++)
            {
                da[s] += dattended[t][i] * at.Values[s][i];
                dv[s][i] += a[s] * dattended[t][i];
            }
            var mean = da.Zip(a, (d, p) => d * p).Sum();
            for (var s = 0; s <= t; s++)
            {
                var dscore = a[s] * (da[s] - mean) / Math.Sqrt(HeadSize);
                for (var i = head * HeadSize; i < (head + 1) * HeadSize; i++)
                {
                    dq[t][i] += dscore * at.Keys[s][i];
                    dk[s][i] += dscore * at.Queries[t][i];
                }
            }
        }
        return (dq, dk, dv);
    }

    /// <summary>
    /// y = x · r · g with r = 1/√(mean x² + ε): dg = dy · x · r, and because r depends on the whole row,
    /// dx = r · g · dy − x · r³ · mean(g · dy · x).
    /// </summary>
    private double[][] NormBackward(double[][] dy, double[][] x, string gain, Dictionary<string, double[]> gradient)
    {
        var (g, dg, dx) = (_parameters[gain], gradient[gain], Zeros(x.Length, _config.Width));
        for (var t = 0; t < x.Length; t++)
        {
            var (r, mean) = (InverseRoot(x[t]), 0.0);
            for (var i = 0; i < _config.Width; i++)
                mean += g[i] * dy[t][i] * x[t][i] / _config.Width;
            for (var i = 0; i < _config.Width; i++)
            {
                dg[i] += dy[t][i] * x[t][i] * r;
                dx[t][i] = (r * g[i] * dy[t][i]) - (x[t][i] * r * r * r * mean);
            }
        }
        return dx;
    }

    /// <summary>y = x · Wᵀ: dW [outputs, inputs] gains dyᵀ · x, and dx [T, inputs] = dy · W.</summary>
    private double[][] LinearBackward(double[][] dy, double[][] x, string matrix, Dictionary<string, double[]> gradient)
    {
        var (w, dw, inputs) = (_parameters[matrix], gradient[matrix], x[0].Length);
        var dx = Zeros(x.Length, inputs);
        for (var t = 0; t < x.Length; t++)
        for (var output = 0; output < dy[t].Length; output++)
        for (var i = 0; i < inputs; i++)
        {
            dw[(output * inputs) + i] += dy[t][output] * x[t][i];
            dx[t][i] += dy[t][output] * w[(output * inputs) + i];
        }
        return dx;
    }
}
