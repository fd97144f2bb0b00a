using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Cosines and sines that turn the pairs of a head by its position (Su et al. 2021), halves as in Hugging Face.</summary>
/// <remarks>Element i is paired with element i + size/2. The tables grow with the longest sequence seen.</remarks>
internal sealed class RotaryPositions(LlamaConfig config) : IDisposable
{
    private Tensor? _cos,
        _sin;

    /// <summary>Cosines and signed sines of some positions, [T, size] or, with padding, [B, 1, T, size].</summary>
    /// <param name="first">Place of the first token.</param>
    /// <param name="length">Number of tokens T.</param>
    /// <param name="leftPadding">[B] places before each row's position 0; null for none.</param>
    /// <param name="device">Where the model computes.</param>
    public (Tensor Cos, Tensor Sin) At(int first, long length, Tensor? leftPadding, Device device)
    {
        var (cosines, sines) = Tables(first + length, device);
        if (leftPadding is null)
            return (cosines.narrow(0, first, length), sines.narrow(0, first, length));
        var places = (arange(first, first + length, device: device).unsqueeze(0) - leftPadding.unsqueeze(1)).clamp_min(0);
        Tensor Rows(Tensor table) => table.index_select(0, places.view(-1)).view(places.size(0), 1, length, config.HeadSize);
        return (Rows(cosines), Rows(sines));
    }

    /// <summary>Queries or keys [B, heads, T, size], turned.</summary>
    public static Tensor Turn(Tensor x, (Tensor Cos, Tensor Sin) at)
    {
        var half = x.size(-1) / 2;
        return (x * at.Cos) + (cat([x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1) * at.Sin);
    }

    public void Dispose()
    {
        _cos?.Dispose();
        _sin?.Dispose();
    }

    private (Tensor Cos, Tensor Sin) Tables(long places, Device device)
    {
        if (_cos is { } cos && _sin is { } sin && cos.size(0) >= places && cos.device_type == device.type)
            return (cos, sin);
        Dispose();
        using var scope = NewDisposeScope();
        using var none = no_grad(); // and no inference mode: tables made in it could never enter a graph
        var room = Math.Min(config.ContextLength, Math.Max(64, BitOperations.RoundUpToPowerOf2((uint)places)));
        var angles = outer(arange(room, dtype: float64), tensor(config.Frequencies()));
        var (cosines, sines) = (angles.cos(), angles.sin());
        _cos = cat([cosines, cosines], 1).to(float32).to(device).DetachFromDisposeScope();
        // The first half takes from the second with a minus, the second from the first with a plus.
        _sin = cat([-sines, sines], 1).to(float32).to(device).DetachFromDisposeScope();
        return (_cos, _sin);
    }
}
