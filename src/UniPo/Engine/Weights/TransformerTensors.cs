namespace UniPo.Engine;

/// <summary>
/// The transformer's tensors by their role; names and shapes are those of the Hugging Face Llama layout, [outputs, inputs].
/// </summary>
internal sealed class TransformerTensors
{
    /// <summary>The tensors of one block.</summary>
    public sealed record Block(
        ParameterTensor InputNorm,
        ParameterTensor Query,
        ParameterTensor Key,
        ParameterTensor Value,
        ParameterTensor Output,
        ParameterTensor MiddleNorm,
        ParameterTensor Gate,
        ParameterTensor Up,
        ParameterTensor Down
    );

    /// <summary>Zeroed parameters for a configuration, and where each lies.</summary>
    public TransformerTensors(TinyTransformerConfig config, int vocabulary)
    {
        Parameters = new ParameterSet(Shapes(config, vocabulary));
        Embedding = Parameters.Find("model.embed_tokens.weight");
        Blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => BlockOf(layer))];
        FinalNorm = Parameters.Find("model.norm.weight");
        Head = config.TieEmbeddings ? Embedding : Parameters.Find("lm_head.weight");
        ValueHead = config.ValueHead ? Parameters.Find("value_head.weight") : null;
    }

    public ParameterSet Parameters { get; }

    public ParameterTensor Embedding { get; }

    public IReadOnlyList<Block> Blocks { get; }

    public ParameterTensor FinalNorm { get; }

    /// <summary>The output layer; the embedding itself when they are tied.</summary>
    public ParameterTensor Head { get; }

    public ParameterTensor? ValueHead { get; }

    /// <summary>Names and shapes in storage order.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Shapes(TinyTransformerConfig config, int vocabulary)
    {
        var (width, hidden) = (config.Width, config.Hidden);
        yield return ("model.embed_tokens.weight", [vocabulary, width]);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var block = Name(layer);
            yield return (block + "input_layernorm.weight", [width]);
            yield return (block + "self_attn.q_proj.weight", [width, width]);
            yield return (block + "self_attn.k_proj.weight", [width, width]);
            yield return (block + "self_attn.v_proj.weight", [width, width]);
            yield return (block + "self_attn.o_proj.weight", [width, width]);
            yield return (block + "post_attention_layernorm.weight", [width]);
            yield return (block + "mlp.gate_proj.weight", [hidden, width]);
            yield return (block + "mlp.up_proj.weight", [hidden, width]);
            yield return (block + "mlp.down_proj.weight", [width, hidden]);
        }
        yield return ("model.norm.weight", [width]);
        if (!config.TieEmbeddings)
            yield return ("lm_head.weight", [vocabulary, width]);
        if (config.ValueHead)
            yield return ("value_head.weight", [1, width]);
    }

    private Block BlockOf(int layer)
    {
        ParameterTensor Of(string name) => Parameters.Find(Name(layer) + name);
        return new Block(
            Of("input_layernorm.weight"),
            Of("self_attn.q_proj.weight"),
            Of("self_attn.k_proj.weight"),
            Of("self_attn.v_proj.weight"),
            Of("self_attn.o_proj.weight"),
            Of("post_attention_layernorm.weight"),
            Of("mlp.gate_proj.weight"),
            Of("mlp.up_proj.weight"),
            Of("mlp.down_proj.weight")
        );
    }

    private static string Name(int layer) => $"model.layers.{layer}.";
}
