using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace UniPo.Torch;

/// <summary>What passes and decodings ask of the model.</summary>
public sealed partial class TorchPolicy
{
    internal PaddedBatch Pad(TokenSequences sequences)
    {
        Binding.BeforeUse();
        return new PaddedBatch(sequences, Tokenizer.Count, Tokenizer.Pad, Device);
    }

    /// <summary>[ΣT, d] hidden states from which the response tokens are predicted.</summary>
    internal Tensor HiddenAt(PaddedBatch batch) => At(Model.Hidden(batch.Tokens), batch.Places);

    /// <summary>[n, d] hidden states at places of the flattened batch.</summary>
    internal static Tensor At(Tensor hidden, Tensor places) => hidden.reshape(-1, hidden.size(-1)).index_select(0, places);

    /// <summary>[n, V] logits.</summary>
    internal Tensor Logits(Tensor hidden) => Model.Logits(hidden);

    /// <summary>[n, V] log-probabilities at a temperature.</summary>
    internal Tensor LogProbs(Tensor hidden, double temperature)
    {
        if (!(temperature > 0))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be above 0.");
        var logits = Logits(hidden);
        return F.log_softmax(temperature == 1 ? logits : logits / temperature, -1);
    }

    /// <summary>[n] entropies of distributions [n, V], in nats.</summary>
    internal static Tensor Entropies(Tensor logProbs) => (logProbs.exp() * logProbs).sum([-1L]).neg();

    /// <summary>[n] value estimates; null without a value head.</summary>
    internal Tensor? ValuesOf(Tensor hidden) => _critic is null ? null : F.linear(hidden, _critic).squeeze(-1);
}
