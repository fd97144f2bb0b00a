namespace UniPo.Tests.Policies;

/// <summary>
/// The transformer once more, in double precision and plain loops, one sequence at a time: what the engine is held against.
/// </summary>
internal sealed class NaiveTransformer
{
    private readonly TinyTransformerConfig _config;
    private readonly ParameterSet _layout;
    private readonly double[] _parameters;

    public NaiveTransformer(TinyTransformer policy)
    {
        _config = policy.Config;
        _layout = policy.Parameters;
        _parameters = [.. policy.Parameters.Values.Select(v => (double)v)];
    }

    /// <summary>The parameters, to be moved by finite differences.</summary>
    public double[] Parameters => _parameters;

    /// <summary>Log-probability, entropy and value of every response token.</summary>
    public (double[] LogProbs, double[] Entropies, double[] Values) Score(TokenSequences sequences, double temperature)
    {
        var (logProbs, entropies, values) = (new List<double>(), new List<double>(), new List<double>());
        for (var row = 0; row < sequences.Responses.Count; row++)
        {
            var prompt = sequences.Prompts[sequences.Layout.GroupOf[row]];
            var response = sequences.Responses[row];
            if (response.Length == 0)
                continue;
            var hidden = Hidden([.. prompt, .. response[..^1]]);
            for (var t = 0; t < response.Length; t++)
            {
                var state = hidden[prompt.Length + t - 1];
                var z = Times(_config.TieEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", state)
                    .Select(l => l / temperature)
                    .ToArray();
                var most = z.Max();
                var logSum = most + Math.Log(z.Sum(l => Math.Exp(l - most)));
                logProbs.Add(z[response[t]] - logSum);
                entropies.Add(-z.Sum(l => Math.Exp(l - logSum) * (l - logSum)));
                if (_config.ValueHead)
                    values.Add(Times("value_head.weight", state)[0]);
            }
        }
        return ([.. logProbs], [.. entropies], [.. values]);
    }

    private double[][] Hidden(int[] tokens)
    {
        var x = tokens.Select(token => Row("model.embed_tokens.weight", token)).ToArray();
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var block = $"model.layers.{layer}.";
            var normed = x.Select(row => Norm(row, block + "input_layernorm.weight")).ToArray();
            var attended = Attention(normed, block);
            for (var t = 0; t < x.Length; t++)
                x[t] = Plus(x[t], Times(block + "self_attn.o_proj.weight", attended[t]));
            for (var t = 0; t < x.Length; t++)
            {
                var row = Norm(x[t], block + "post_attention_layernorm.weight");
                double[] gate = Times(block + "mlp.gate_proj.weight", row),
                    up = Times(block + "mlp.up_proj.weight", row);
                x[t] = Plus(x[t], Times(block + "mlp.down_proj.weight", [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)]));
            }
        }
        return [.. x.Select(row => Norm(row, "model.norm.weight"))];
    }

    private double[][] Attention(double[][] x, string block)
    {
        var (size, result) = (_config.Width / _config.Heads, x.Select(_ => new double[_config.Width]).ToArray());
        var q = x.Select((row, t) => Rotated(Times(block + "self_attn.q_proj.weight", row), t)).ToArray();
        var k = x.Select((row, t) => Rotated(Times(block + "self_attn.k_proj.weight", row), t)).ToArray();
        var v = x.Select(row => Times(block + "self_attn.v_proj.weight", row)).ToArray();
        for (var head = 0; head < _config.Heads; head++)
        for (var t = 0; t < x.Length; t++)
        {
            var scores = new double[t + 1];
            for (var s = 0; s <= t; s++)
            for (var i = head * size; i < (head + 1) * size; i++)
                scores[s] += q[t][i] * k[s][i] / Math.Sqrt(size);
            var most = scores.Max();
            var sum = scores.Sum(score => Math.Exp(score - most));
            for (var s = 0; s <= t; s++)
            for (var i = head * size; i < (head + 1) * size; i++)
                result[t][i] += Math.Exp(scores[s] - most) / sum * v[s][i];
        }
        return result;
    }

    /// <summary>Rotary positions as Hugging Face writes them: x·cos + rotate_half(x)·sin.</summary>
    private double[] Rotated(double[] row, int position)
    {
        var (size, result) = (_config.Width / _config.Heads, new double[row.Length]);
        for (var i = 0; i < row.Length; i++)
        {
            var (head, at) = (i / size * size, i % size);
            var angle = position * Math.Pow(_config.RopeTheta, -2.0 * (at % (size / 2)) / size);
            var turned = at < size / 2 ? -row[head + at + (size / 2)] : row[head + at - (size / 2)];
            result[i] = (row[i] * Math.Cos(angle)) + (turned * Math.Sin(angle));
        }
        return result;
    }

    private double[] Norm(double[] row, string gain)
    {
        var (gains, squares, result) = (_layout.Find(gain).Offset, 0.0, new double[row.Length]);
        foreach (var v in row)
            squares += v * v;
        for (var i = 0; i < row.Length; i++)
            result[i] = row[i] / Math.Sqrt((squares / row.Length) + _config.NormEpsilon) * _parameters[gains + i];
        return result;
    }

    private double[] Row(string name, int row)
    {
        var tensor = _layout.Find(name);
        return _parameters.AsSpan(tensor.Offset + (row * tensor.Shape[^1]), tensor.Shape[^1]).ToArray();
    }

    private double[] Times(string name, double[] x)
    {
        var tensor = _layout.Find(name);
        var result = new double[tensor.Shape[0]];
        for (var output = 0; output < result.Length; output++)
        for (var i = 0; i < x.Length; i++)
            result[output] += _parameters[tensor.Offset + (output * x.Length) + i] * x[i];
        return result;
    }

    private static double[] Plus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
