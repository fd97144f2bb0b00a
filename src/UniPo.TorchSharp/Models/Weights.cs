using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Writes numbers into a module's tensors.</summary>
internal static class Weights
{
    /// <summary>Copies numbers in storage order.</summary>
    public static void Set(Tensor parameter, ReadOnlySpan<float> values)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        parameter.copy_(tensor(values.ToArray()).view(parameter.shape));
    }

    /// <summary>Sets every element to the next of a series.</summary>
    public static void Fill(Tensor parameter, Func<double> next)
    {
        var values = new float[parameter.numel()];
        foreach (ref var value in values.AsSpan())
            value = (float)next();
        Set(parameter, values);
    }

    /// <summary>The numbers in storage order, in single precision.</summary>
    public static float[] Read(Tensor parameter)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var values = new float[parameter.numel()];
        var plain = parameter.detach().to(float32).cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(plain.bytes).CopyTo(values);
        return values;
    }
}
