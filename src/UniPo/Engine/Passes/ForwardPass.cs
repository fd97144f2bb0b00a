namespace UniPo.Engine;

/// <summary>One forward pass as its user sees it. Once the policy has run another, the numbers of this one are gone.</summary>
/// <param name="pass">Computes; serves one forward pass after another.</param>
internal sealed class ForwardPass(TransformerPass pass) : IDistributionPass
{
    private int _number = -1;

    /// <summary>True when nobody uses it any longer, so that it may stand for another forward pass.</summary>
    public bool IsFree => _number < 0;

    public ReadOnlySpan<double> LogProbs => Current.LogProbs;

    public ReadOnlySpan<double> Entropies => Current.Entropies;

    public ReadOnlySpan<double> Values => Current.Values;

    /// <summary>Stands for the forward pass that was run last.</summary>
    public ForwardPass Open()
    {
        _number = pass.Number;
        return this;
    }

    public void Backward(
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> entropyWeights = default,
        ReadOnlySpan<double> valueWeights = default
    ) => Current.Backward(weights, entropyWeights, valueWeights);

    public void Distributions(Span<double> logProbs) => Current.Distributions(logProbs);

    public void BackwardDistributions(ReadOnlySpan<double> weights) => Current.BackwardDistributions(weights);

    /// <summary>A rollout may use the memory from now on.</summary>
    public void Dispose()
    {
        if (_number == pass.Number)
            pass.Release();
        _number = -1;
    }

    private TransformerPass Current
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsFree, this);
            return _number == pass.Number
                ? pass
                : throw new InvalidOperationException(
                    "The policy has run another forward pass since, so the numbers of this one are gone. Use each pass before the next, and give each thread a Clone() of its own."
                );
        }
    }
}
