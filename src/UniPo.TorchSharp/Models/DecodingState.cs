using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Keys and values that attention has computed for earlier tokens, layer by layer.</summary>
public sealed class DecodingState : IDisposable
{
    /// <summary>Room, all of it empty.</summary>
    /// <param name="layers">Attention layers.</param>
    /// <param name="rows">Sequences side by side.</param>
    /// <param name="heads">Heads of keys and values.</param>
    /// <param name="length">Most tokens of a sequence.</param>
    /// <param name="size">Width of a head.</param>
    /// <param name="device">Where the model computes.</param>
    public DecodingState(int layers, long rows, long heads, long length, long size, Device device)
    {
        Tensor[] Room() =>
            [
                .. Enumerable
                    .Range(0, layers)
                    .Select(_ => zeros([rows, heads, length, size], device: device).DetachFromDisposeScope()),
            ];
        (Keys, Values) = (Room(), Room());
    }

    /// <summary>[layers] of [rows, heads, length, size].</summary>
    public IReadOnlyList<Tensor> Keys { get; }

    /// <summary>[layers] of [rows, heads, length, size].</summary>
    public IReadOnlyList<Tensor> Values { get; }

    /// <summary>Tokens seen so far; the model moves it on.</summary>
    public int Length { get; set; }

    /// <summary>[rows] places of padding at the left of each row; null when there are none.</summary>
    public Tensor? LeftPadding { get; set; }

    /// <summary>Takes over a shorter state, each row several times: the shared start of a group of responses.</summary>
    /// <param name="prompts">The state after the prompts.</param>
    /// <param name="group">Rows for each of them.</param>
    public void Continue(DecodingState prompts, int group)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        using var scope = NewDisposeScope();
        for (var layer = 0; layer < Keys.Count; layer++)
        {
            Keys[layer].narrow(2, 0, prompts.Length).copy_(prompts.Keys[layer].repeat_interleave(group, 0));
            Values[layer].narrow(2, 0, prompts.Length).copy_(prompts.Values[layer].repeat_interleave(group, 0));
        }
        Length = prompts.Length;
        LeftPadding = prompts.LeftPadding?.repeat_interleave(group).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Keys.Concat(Values))
            tensor.Dispose();
        LeftPadding?.Dispose();
    }
}
