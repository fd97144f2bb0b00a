using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace UniPo.Torch;

/// <summary>Attention with grouped queries; its tensors carry the names of the Hugging Face layout.</summary>
internal sealed class LlamaAttention : nn.Module
{
    private readonly Projection q_proj,
        k_proj,
        v_proj,
        o_proj;
    private readonly RmsNorm? q_norm,
        k_norm;
    private readonly LlamaConfig _config;

    public LlamaAttention(LlamaConfig config)
        : base("self_attn")
    {
        _config = config;
        var (queries, keys) = (config.Heads * config.HeadSize, config.KeyValueHeads * config.HeadSize);
        q_proj = new Projection(config.Width, queries, config.QueryKeyValueBias);
        k_proj = new Projection(config.Width, keys, config.QueryKeyValueBias);
        v_proj = new Projection(config.Width, keys, config.QueryKeyValueBias);
        o_proj = new Projection(queries, config.Width, config.OutputBias);
        if (config.QueryKeyNorm)
        {
            q_norm = new RmsNorm(config.HeadSize, config.NormEpsilon);
            k_norm = new RmsNorm(config.HeadSize, config.NormEpsilon);
        }
        RegisterComponents();
    }

    public Tensor Attend(Tensor x, in BlockPlace place, int layer)
    {
        var (rows, length) = (x.size(0), x.size(1));
        var q = RotaryPositions.Turn(Heads(x, q_proj, q_norm, _config.Heads), place.Rotary);
        var k = RotaryPositions.Turn(Heads(x, k_proj, k_norm, _config.KeyValueHeads), place.Rotary);
        var v = Heads(x, v_proj, null, _config.KeyValueHeads);
        if (place.State is { } state)
        {
            state.Keys[layer].narrow(2, place.First, length).copy_(k);
            state.Values[layer].narrow(2, place.First, length).copy_(v);
            k = state.Keys[layer].narrow(2, 0, place.First + length);
            v = state.Values[layer].narrow(2, 0, place.First + length);
        }
        (k, v) = (ForEachQuery(k), ForEachQuery(v));
        var y = place.Mask is null
            ? F.scaled_dot_product_attention(q, k, v, is_casual: length > 1)
            : F.scaled_dot_product_attention(q, k, v, place.Mask);
        return o_proj.forward(y.transpose(1, 2).reshape(rows, length, _config.Heads * _config.HeadSize));
    }

    /// <summary>[B, heads, T, size].</summary>
    private Tensor Heads(Tensor x, Projection projection, RmsNorm? norm, int heads)
    {
        var split = projection.forward(x).view(x.size(0), x.size(1), heads, _config.HeadSize);
        return (norm?.forward(split) ?? split).transpose(1, 2);
    }

    /// <summary>Keys or values, repeated for the query heads that share them.</summary>
    private Tensor ForEachQuery(Tensor x)
    {
        var group = _config.Heads / _config.KeyValueHeads;
        return group == 1 ? x : x.repeat_interleave(group, 1);
    }
}

/// <summary>Where the tokens of a pass stand.</summary>
/// <param name="Rotary">Cosines and sines of their positions.</param>
/// <param name="State">What was decoded before; null for whole sequences.</param>
/// <param name="First">Place of the first of them.</param>
/// <param name="Mask">True where a token may look; null where "at itself and before" says it all.</param>
internal readonly record struct BlockPlace((Tensor Cos, Tensor Sin) Rotary, DecodingState? State, int First, Tensor? Mask);

/// <summary>The gated unit (SwiGLU; Shazeer 2020).</summary>
internal sealed class LlamaGatedUnit : nn.Module<Tensor, Tensor>
{
    private readonly Projection gate_proj,
        up_proj,
        down_proj;

    public LlamaGatedUnit(LlamaConfig config)
        : base("mlp")
    {
        gate_proj = new Projection(config.Width, config.Hidden, config.GatedBias);
        up_proj = new Projection(config.Width, config.Hidden, config.GatedBias);
        down_proj = new Projection(config.Hidden, config.Width, config.GatedBias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => down_proj.forward(F.silu(gate_proj.forward(x)) * up_proj.forward(x));
}

/// <summary>Attention and gated unit, each behind a normalization and added to the residual stream.</summary>
internal sealed class LlamaBlock : nn.Module
{
    private readonly RmsNorm input_layernorm,
        post_attention_layernorm;
    private readonly LlamaAttention self_attn;
    private readonly LlamaGatedUnit mlp;

    public LlamaBlock(LlamaConfig config)
        : base("block")
    {
        input_layernorm = new RmsNorm(config.Width, config.NormEpsilon);
        post_attention_layernorm = new RmsNorm(config.Width, config.NormEpsilon);
        self_attn = new LlamaAttention(config);
        mlp = new LlamaGatedUnit(config);
        RegisterComponents();
    }

    public Tensor Run(Tensor x, in BlockPlace place, int layer)
    {
        x = x + self_attn.Attend(input_layernorm.forward(x), place, layer);
        return x + mlp.forward(post_attention_layernorm.forward(x));
    }
}
