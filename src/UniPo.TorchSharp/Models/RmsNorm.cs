using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>x / √(mean x² + ε) · gain, over the last dimension (Zhang and Sennrich 2019).</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double _epsilon;

    public RmsNorm(int width, double epsilon)
        : base("norm")
    {
        (weight, _epsilon) = (new Parameter(empty(width)), epsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => x * rsqrt(x.square().mean([-1L], keepdim: true) + _epsilon) * weight;
}
