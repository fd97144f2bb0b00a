using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace UniPo.Torch;

/// <summary>[V, d] one row a token; also the output layer where the two are tied.</summary>
internal sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public TokenEmbedding(int vocabulary, int width)
        : base("embedding")
    {
        weight = new Parameter(empty(vocabulary, width));
        RegisterComponents();
    }

    public Device Device => weight.device;

    public override Tensor forward(Tensor tokens) =>
        weight.index_select(0, tokens.reshape(-1)).view(tokens.size(0), tokens.size(1), weight.size(1));

    /// <summary>Logits of hidden states, by their products with the rows.</summary>
    public Tensor Logits(Tensor hidden) => F.linear(hidden, weight);
}
