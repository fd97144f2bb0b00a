using TorchSharp;
using UniPo.Torch;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

/// <summary>
/// The same family of models written out in loops and double precision, independently of libtorch: what the module is checked
/// against where there is no file of expected values.
/// </summary>
internal sealed class PlainDecoder(Llama model)
{
    private readonly LlamaConfig _config = model.Config;
    private readonly Dictionary<string, double[]> _weights = model
        .named_parameters()
        .ToDictionary(p => p.name, p => p.parameter.detach().to(float64).data<double>().ToArray());

    /// <summary>[T][V] logits of one sequence.</summary>
    public double[][] Logits(long[] tokens)
    {
        var x = tokens.Select(t => Row("model.embed_tokens.weight", (int)t, _config.Width)).ToArray();
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            var attended = Attention(prefix + "self_attn.", x.Select(r => Norm(r, prefix + "input_layernorm.weight")).ToArray());
            for (var t = 0; t < x.Length; t++)
            {
                x[t] = Sum(x[t], attended[t]);
                var n = Norm(x[t], prefix + "post_attention_layernorm.weight");
                var gate = Linear(prefix + "mlp.gate_proj", n, _config.Hidden);
                var up = Linear(prefix + "mlp.up_proj", n, _config.Hidden);
                double[] hidden = [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];
                x[t] = Sum(x[t], Linear(prefix + "mlp.down_proj", hidden, _config.Width));
            }
        }
        var head = _config.TieEmbeddings ? "model.embed_tokens" : "lm_head";
        return [.. x.Select(r => Linear(head, Norm(r, "model.norm.weight"), _config.Vocabulary))];
    }

    private double[][] Attention(string prefix, double[][] x)
    {
        var size = _config.HeadSize;
        var q = Heads(prefix + "q", x, _config.Heads);
        var k = Heads(prefix + "k", x, _config.KeyValueHeads);
        var v = x.Select(r => Linear(prefix + "v_proj", r, _config.KeyValueHeads * size)).ToArray();
        var y = x.Select(_ => new double[_config.Heads * size]).ToArray();
        for (var t = 0; t < x.Length; t++)
        for (var h = 0; h < _config.Heads; h++)
        {
            var shared = h / (_config.Heads / _config.KeyValueHeads);
            var scores = Enumerable
                .Range(0, t + 1)
                .Select(s =>
                    Enumerable.Range(0, size).Sum(i => q[t][(h * size) + i] * k[s][(shared * size) + i]) / Math.Sqrt(size)
                )
                .ToArray();
            var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
            for (var s = 0; s <= t; s++)
            for (var i = 0; i < size; i++)
                y[t][(h * size) + i] += weights[s] / weights.Sum() * v[s][(shared * size) + i];
        }
        return [.. y.Select(r => Linear(prefix + "o_proj", r, _config.Width))];
    }

    // Queries or keys: projected, normalized head by head where the model does that, and turned by their position.
    private double[][] Heads(string prefix, double[][] x, int heads)
    {
        var (size, frequencies) = (_config.HeadSize, _config.Frequencies());
        var rows = x.Select(r => Linear(prefix + "_proj", r, heads * size)).ToArray();
        for (var t = 0; t < rows.Length; t++)
        for (var h = 0; h < heads; h++)
        {
            var head = rows[t].AsSpan(h * size, size);
            if (_config.QueryKeyNorm)
                Norm(head.ToArray(), prefix + "_norm.weight").CopyTo(head);
            for (var i = 0; i < size / 2; i++)
            {
                var (sin, cos) = Math.SinCos(t * frequencies[i]);
                (head[i], head[i + (size / 2)]) = (
                    (head[i] * cos) - (head[i + (size / 2)] * sin),
                    (head[i + (size / 2)] * cos) + (head[i] * sin)
                );
            }
        }
        return rows;
    }

    private double[] Norm(double[] x, string gain)
    {
        var root = Math.Sqrt(x.Average(v => v * v) + _config.NormEpsilon);
        return [.. x.Select((v, i) => v / root * _weights[gain][i])];
    }

    private double[] Linear(string name, double[] x, int outputs)
    {
        var weight = _weights[name + ".weight"];
        var y = _weights.TryGetValue(name + ".bias", out var bias) ? bias.ToArray() : new double[outputs];
        for (var o = 0; o < outputs; o++)
        for (var i = 0; i < x.Length; i++)
            y[o] += weight[(o * x.Length) + i] * x[i];
        return y;
    }

    private double[] Row(string name, int row, int width) => _weights[name].AsSpan(row * width, width).ToArray();

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
