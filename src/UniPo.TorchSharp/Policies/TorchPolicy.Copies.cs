using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Copies with the same weights, and what a new policy is checked for.</summary>
public sealed partial class TorchPolicy
{
    /// <summary>The same policy with all arrays copied to the model and back, as on another device.</summary>
    internal TorchPolicy WithCopies() => Copy(HasValueHead, copies: true);

    private TorchPolicy Copy(bool hasCritic, bool copies)
    {
        var model = Model.NewLike();
        CopyUntrained(model);
        var copy = new TorchPolicy(model, Tokenizer, Name, Device, hasCritic, copies);
        foreach (var tensor in Parameters.Tensors)
            Parameters[tensor].CopyTo(copy.Parameters[copy.Parameters.Find(tensor.Name)]);
        return copy;
    }

    private void CopyUntrained(LanguageModel copy)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var own = Model.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        foreach (var (name, parameter) in copy.named_parameters())
        {
            parameter.requires_grad = own[name].requires_grad;
            if (!parameter.requires_grad)
                parameter.set_(own[name].alias());
        }
        foreach (var (from, to) in Model.buffers().Zip(copy.buffers()))
            to.copy_(from);
    }

    private long WidthForCritic() =>
        Model.Width ?? throw new NotSupportedException($"The model '{Name}' gives no hidden states for a value head.");

    private void RequireLogitsForEachToken()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var logits = Logits(Model.Hidden(tensor(new long[] { Tokenizer.Pad }, [1, 1]).to(Device)));
        if (logits.size(-1) != Tokenizer.Count)
            throw new ArgumentException(
                $"The model '{Name}' gives {logits.size(-1)} logits a token, but the tokenizer has {Tokenizer.Count} ids; both must agree."
            );
    }
}
