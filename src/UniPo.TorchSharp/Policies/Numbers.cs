using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Numbers between libtorch and UniPo's columns.</summary>
internal static class Numbers
{
    /// <summary>Copies a tensor's numbers out.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than the target takes.</exception>
    public static void CopyTo(Tensor numbers, Span<double> target, string name)
    {
        using var scope = NewDisposeScope();
        var doubles = numbers.detach().to(float64).cpu().contiguous();
        var values = MemoryMarshal.Cast<byte, double>(doubles.bytes);
        if (values.Length != target.Length)
            throw new ArgumentException($"There are {values.Length} numbers, but {name} has room for {target.Length}.", name);
        values.CopyTo(target);
    }

    /// <summary>[n] weights as a tensor beside another one.</summary>
    public static Tensor Beside(Tensor other, ReadOnlySpan<double> weights) =>
        tensor(weights.ToArray(), dtype: float32).to(other.device).view(other.shape);
}
