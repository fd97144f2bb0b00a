namespace UniPo;

/// <summary>
/// The language model, written to be read: a decoder in the style of Llama in plain loops, one sequence at a time, in double
/// precision.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="TinyTransformer"/> computes the same numbers hundreds of times faster; tests hold the two against each other. Here every
/// line says what shape it makes. T is the number of tokens, D the width of the residual stream, H the number of heads, S = D/H the
/// size of a head, F the width of the gated unit, V the number of symbols. A matrix is an array of rows.
/// </para>
/// <para>
/// A forward pass goes from token ids to the log-probability of every next token; the other half of this class goes the same way
/// back, from one weight per token to the gradient of every parameter.
/// </para>
/// </remarks>
public sealed partial class Transformer
{
    private readonly TinyTransformerConfig _config;
    private readonly Dictionary<string, double[]> _parameters;

    /// <summary>A readable copy of a model.</summary>
    /// <param name="model">Gives configuration and parameters; it is not changed.</param>
    public Transformer(TinyTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_config, Symbols) = (model.Config, model.Vocabulary.Count);
        _parameters = model.Parameters.Tensors.ToDictionary(
            tensor => tensor.Name,
            tensor => Array.ConvertAll(model.Parameters[tensor].ToArray(), value => (double)value)
        );
    }

    /// <summary>Number of symbols V.</summary>
    public int Symbols { get; }

    /// <summary>The parameters by the name of their tensor, row after row. Change one, and see what the model says then.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters => _parameters;

    /// <summary>What the model says of responses that are given, token by token.</summary>
    /// <param name="LogProbs">[ΣT] log π(token | prompt, earlier tokens) in nats.</param>
    /// <param name="Entropies">[ΣT] entropy of each next-token distribution in nats.</param>
    /// <param name="Values">[ΣT] value of the state before each token; empty without a value head.</param>
    public sealed record Scores(double[] LogProbs, double[] Entropies, double[] Values);

    /// <summary>Log-probability, entropy and value of every token of given responses (teacher forcing).</summary>
    /// <param name="sequences">Prompts and responses.</param>
    /// <param name="temperature">Divides the logits, &gt; 0.</param>
    public Scores Score(TokenSequences sequences, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        List<double> logProbs = [],
            entropies = [],
            values = [];
        for (var row = 0; row < sequences.Responses.Count; row++)
        {
            int[] prompt = sequences.Prompts[sequences.Layout.GroupOf[row]],
                response = sequences.Responses[row];
            if (response.Length == 0)
                continue;
            var pass = Forward([.. prompt, .. response[..^1]]); // nothing is predicted after the last token
            for (var t = 0; t < response.Length; t++)
            {
                var state = prompt.Length + t - 1; // the row that predicts token t stands one place before it
                var logProbsOfAll = LogSoftmax(pass.Logits[state], temperature); // [V]
                logProbs.Add(logProbsOfAll[response[t]]);
                entropies.Add(Entropy(logProbsOfAll));
                if (_config.ValueHead)
                    values.Add(pass.Values[state]);
            }
        }
        return new Scores([.. logProbs], [.. entropies], [.. values]);
    }

    /// <summary>What a forward pass computes. The way back needs all of it again.</summary>
    private sealed class Pass
    {
        public required int[] Tokens { get; init; } // [T]
        public List<Layer> Layers { get; } = []; // in the order of the model
        public required double[][] Stream { get; set; } // [T, D] the residual stream after the last layer
        public double[][] Final { get; set; } = []; // [T, D] the same, normalised
        public double[][] Logits { get; set; } = []; // [T, V]
        public double[] Values { get; set; } = []; // [T] with a value head
    }

    /// <summary>What one layer computes.</summary>
    private sealed record Layer(
        double[][] Input, // [T, D] the residual stream before the layer
        double[][] Normed, // [T, D] what attention reads
        double[][] Queries, // [T, D] rotated; the D columns are H heads of S columns
        double[][] Keys, // [T, D] rotated
        double[][] Values, // [T, D]
        double[][][] Attention, // [H, T, T] how much token t looks at token s ≤ t; every row adds up to 1
        double[][] Attended, // [T, D] what attention gathered
        double[][] Middle, // [T, D] the residual stream after attention
        double[][] MiddleNormed, // [T, D] what the gated unit reads
        double[][] Gate, // [T, F]
        double[][] Up, // [T, F]
        double[][] Gated // [T, F] swish(gate) · up
    );

    /// <summary>From token ids to logits.</summary>
    private Pass Forward(int[] tokens)
    {
        // Every token starts as its row of the embedding [V, D].
        var pass = new Pass { Tokens = tokens, Stream = [.. tokens.Select(id => Row("model.embed_tokens.weight", id))] }; // [T, D]
        for (var layer = 0; layer < _config.Layers; layer++)
            pass.Stream = Forward($"model.layers.{layer}.", pass.Stream, pass.Layers); // [T, D]
        pass.Final = Norm(pass.Stream, "model.norm.weight"); // [T, D]
        pass.Logits = Linear(pass.Final, Head); // [T, V]
        if (_config.ValueHead)
            pass.Values = [.. Linear(pass.Final, "value_head.weight").Select(row => row[0])]; // [T]
        return pass;
    }

    /// <summary>The output layer may be the embedding itself: a token is likely when the state resembles its embedding.</summary>
    private string Head => _config.TieEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";

    /// <summary>
    /// One layer: tokens look at earlier ones (attention), then each thinks for itself (gated unit). Both add to the residual stream,
    /// so that a layer only has to say what shall change.
    /// </summary>
    private double[][] Forward(string layer, double[][] x, List<Layer> layers)
    {
        var normed = Norm(x, layer + "input_layernorm.weight"); // [T, D]
        var q = Rotate(Linear(normed, layer + "self_attn.q_proj.weight"), direction: 1); // [T, D] what a token looks for
        var k = Rotate(Linear(normed, layer + "self_attn.k_proj.weight"), direction: 1); // [T, D] what a token offers
        var v = Linear(normed, layer + "self_attn.v_proj.weight"); // [T, D] what it hands over
        var attention = Attention(q, k); // [H, T, T]
        var attended = Gather(attention, v); // [T, D]
        var middle = Add(x, Linear(attended, layer + "self_attn.o_proj.weight")); // [T, D]

        var middleNormed = Norm(middle, layer + "post_attention_layernorm.weight"); // [T, D]
        var gate = Linear(middleNormed, layer + "mlp.gate_proj.weight"); // [T, F]
        var up = Linear(middleNormed, layer + "mlp.up_proj.weight"); // [T, F]
        var gated = Pairwise(gate, up, (g, u) => g * Sigmoid(g) * u); // [T, F] swish(g) = g · σ(g) opens or closes the way for u
        layers.Add(new Layer(x, normed, q, k, v, attention, attended, middle, middleNormed, gate, up, gated));
        return Add(middle, Linear(gated, layer + "mlp.down_proj.weight")); // [T, D]
    }

    /// <summary>[H, T, T] softmax over s ≤ t of q_t · k_s / √S, head by head.</summary>
    private double[][][] Attention(double[][] q, double[][] k)
    {
        var attention = new double[_config.Heads][][];
        for (var head = 0; head < _config.Heads; head++)
        {
            attention[head] = Zeros(q.Length, q.Length); // what lies in the future stays 0
            for (var t = 0; t < q.Length; t++)
            {
                var scores = new double[t + 1];
                for (var s = 0; s <= t; s++)
                for (var i = head * HeadSize; i < (head + 1) * HeadSize; i++)
                    scores[s] += q[t][i] * k[s][i] / Math.Sqrt(HeadSize);
                var logs = LogSoftmax(scores, temperature: 1);
                for (var s = 0; s <= t; s++)
                    attention[head][t][s] = Math.Exp(logs[s]);
            }
        }
        return attention;
    }

    /// <summary>[T, D] the values of the tokens that are looked at, each as much as it is looked at.</summary>
    private double[][] Gather(double[][][] attention, double[][] v)
    {
        var gathered = Zeros(v.Length, _config.Width);
        for (var head = 0; head < _config.Heads; head++)
        for (var t = 0; t < v.Length; t++)
        for (var s = 0; s <= t; s++)
        for (var i = head * HeadSize; i < (head + 1) * HeadSize; i++)
            gathered[t][i] += attention[head][t][s] * v[s][i];
        return gathered;
    }

    /// <summary>
    /// Rotary positions (Su et al. 2021): pairs of columns are turned by an angle that grows with the position, fast for the first
    /// pairs and slowly for the last. A product of a query and a key then depends on how far apart the two stand.
    /// </summary>
    /// <param name="x">[T, D] queries or keys; column i of a head is paired with column i + S/2.</param>
    /// <param name="direction">1 turns forward, −1 turns back.</param>
    private double[][] Rotate(double[][] x, int direction)
    {
        var (half, turned) = (HeadSize / 2, Zeros(x.Length, _config.Width));
        for (var t = 0; t < x.Length; t++)
        for (var head = 0; head < _config.Heads; head++)
        for (var i = 0; i < half; i++)
        {
            var angle = direction * t * Math.Pow(_config.RopeTheta, -2.0 * i / HeadSize);
            var (first, second) = ((head * HeadSize) + i, (head * HeadSize) + i + half);
            turned[t][first] = (x[t][first] * Math.Cos(angle)) - (x[t][second] * Math.Sin(angle));
            turned[t][second] = (x[t][second] * Math.Cos(angle)) + (x[t][first] * Math.Sin(angle));
        }
        return turned;
    }

    /// <summary>[T, D] RMSNorm: each row divided by the root of its mean square, then times a gain [D].</summary>
    private double[][] Norm(double[][] x, string gain)
    {
        var (gains, normed) = (_parameters[gain], Zeros(x.Length, _config.Width));
        for (var t = 0; t < x.Length; t++)
        for (var i = 0; i < _config.Width; i++)
            normed[t][i] = x[t][i] * InverseRoot(x[t]) * gains[i];
        return normed;
    }

    /// <summary>1 / √(mean square + ε); ε keeps a row of zeros from dividing by zero.</summary>
    private double InverseRoot(double[] row) => 1 / Math.Sqrt(row.Average(value => value * value) + _config.NormEpsilon);

    /// <summary>[T, outputs] x · Wᵀ, where W [outputs, inputs] is a tensor: each output is the product of a row of x and a row of W.</summary>
    private double[][] Linear(double[][] x, string matrix)
    {
        var (w, inputs) = (_parameters[matrix], x[0].Length);
        var y = Zeros(x.Length, w.Length / inputs);
        for (var t = 0; t < x.Length; t++)
        for (var output = 0; output < y[t].Length; output++)
        for (var i = 0; i < inputs; i++)
            y[t][output] += x[t][i] * w[(output * inputs) + i];
        return y;
    }

    /// <summary>[n] log of the softmax of z / temperature; the maximum is taken out so that no exponential overflows.</summary>
    private static double[] LogSoftmax(double[] z, double temperature)
    {
        var most = z.Max() / temperature;
        var logSum = most + Math.Log(z.Sum(value => Math.Exp((value / temperature) - most)));
        return Array.ConvertAll(z, value => (value / temperature) - logSum);
    }

    /// <summary>−Σ p log p, in nats.</summary>
    private static double Entropy(double[] logProbs) => -logProbs.Sum(l => Math.Exp(l) * l);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private int HeadSize => _config.Width / _config.Heads;

    private double[] Row(string matrix, int row) => _parameters[matrix].AsSpan(row * _config.Width, _config.Width).ToArray();

    private static double[][] Add(double[][] a, double[][] b) => Pairwise(a, b, (x, y) => x + y);

    private static double[][] Pairwise(double[][] a, double[][] b, Func<double, double, double> f) =>
        [.. a.Zip(b, (rowA, rowB) => rowA.Zip(rowB, f).ToArray())];

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];
}
