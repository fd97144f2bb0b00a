using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace UniPo.Torch;

/// <summary>A linear layer, y = W x + b, that may carry a low-rank adapter beside frozen weights: y + α/r · B A x.</summary>
internal sealed class Projection : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private Factor? _a,
        _b;
    private double _scale;

    /// <summary>A layer whose weights the caller sets.</summary>
    public Projection(int inputs, int outputs, bool hasBias)
        : base("projection")
    {
        weight = new Parameter(empty(outputs, inputs));
        bias = hasBias ? new Parameter(empty(outputs)) : null;
        RegisterComponents();
    }

    public int Inputs => (int)weight.size(1);

    public int Outputs => (int)weight.size(0);

    /// <summary>Adds the two factors of an adapter; the caller sets their weights.</summary>
    public void AddAdapter(int rank, double scale)
    {
        (_a, _b, _scale) = (new Factor(Inputs, rank), new Factor(rank, Outputs), scale);
        // The names PEFT uses.
        register_module("lora_A", _a);
        register_module("lora_B", _b);
    }

    public override Tensor forward(Tensor x)
    {
        var y = F.linear(x, weight, bias);
        return _a is null || _b is null ? y : y + (F.linear(F.linear(x, _a.Weight), _b.Weight) * _scale);
    }

    /// <summary>The weights with the adapter in them: W + α/r · B A.</summary>
    public Tensor Merged() => _a is null || _b is null ? weight.alias() : weight + (_b.Weight.mm(_a.Weight) * _scale);

    /// <summary>A matrix of an adapter, [outputs, inputs].</summary>
    private sealed class Factor : nn.Module
    {
        private readonly Parameter weight;

        public Factor(int inputs, int outputs)
            : base("factor")
        {
            weight = new Parameter(empty(outputs, inputs));
            RegisterComponents();
        }

        public Tensor Weight => weight;
    }
}
