using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>A forward pass whose graph libtorch keeps until it is disposed.</summary>
internal sealed class TorchPass : IDistributionPass
{
    private readonly TorchPolicy _policy;
    private readonly Tensor _all,
        _chosen;
    private readonly Tensor? _valueTensor;
    private readonly double[] _logProbs,
        _values;
    private double[]? _entropies;
    private bool _disposed;

    public TorchPass(TorchPolicy policy, TokenSequences sequences, double temperature)
    {
        _policy = policy;
        // All else that is made here is released at the end: the graph itself keeps what backward needs.
        using var scope = NewDisposeScope();
        var batch = policy.Pad(sequences);
        var hidden = policy.HiddenAt(batch);
        _all = policy.LogProbs(hidden, temperature);
        _chosen = _all.gather(1, batch.Targets.unsqueeze(1)).squeeze(1);
        _valueTensor = policy.ValuesOf(hidden);
        _logProbs = new double[sequences.Layout.Tokens];
        _values = new double[_valueTensor is null ? 0 : sequences.Layout.Tokens];
        Numbers.CopyTo(_chosen, _logProbs, nameof(LogProbs));
        if (_valueTensor is not null)
            Numbers.CopyTo(_valueTensor, _values, nameof(Values));
        _all.DetachFromDisposeScope();
        _chosen.DetachFromDisposeScope();
        _valueTensor?.DetachFromDisposeScope();
    }

    public ReadOnlySpan<double> LogProbs => _logProbs;

    public ReadOnlySpan<double> Entropies
    {
        get
        {
            if (_entropies is not null)
                return _entropies;
            RequireAlive();
            using var scope = NewDisposeScope();
            using var none = no_grad();
            var entropies = new double[_logProbs.Length];
            Numbers.CopyTo(TorchPolicy.Entropies(_all), entropies, nameof(Entropies));
            return _entropies = entropies;
        }
    }

    public ReadOnlySpan<double> Values => _values;

    public void Backward(
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> entropyWeights = default,
        ReadOnlySpan<double> valueWeights = default
    )
    {
        RequireOnePerToken(weights, nameof(weights), optional: false);
        RequireOnePerToken(entropyWeights, nameof(entropyWeights), optional: true);
        RequireOnePerToken(valueWeights, nameof(valueWeights), optional: true);
        if (!valueWeights.IsEmpty && _valueTensor is null)
            throw new ArgumentException("The policy has no value head, so there are no values to weigh.", nameof(valueWeights));
        RequireAlive();
        using var scope = NewDisposeScope();
        // The gradient of Σ w·log π is Σ w ∇log π: the direction in which the objective grows (a loss would be −Σ w·log π).
        var sum = (_chosen * Numbers.Beside(_chosen, weights)).sum();
        if (!entropyWeights.IsEmpty)
            sum = sum + (TorchPolicy.Entropies(_all) * Numbers.Beside(_chosen, entropyWeights)).sum();
        if (!valueWeights.IsEmpty)
            sum = sum + (_valueTensor! * Numbers.Beside(_valueTensor!, valueWeights)).sum();
        Run(sum);
    }

    public void Distributions(Span<double> logProbs)
    {
        RequireAlive();
        Numbers.CopyTo(_all, logProbs, nameof(logProbs));
    }

    public void BackwardDistributions(ReadOnlySpan<double> weights)
    {
        RequireAlive();
        if (weights.Length != _all.numel())
            throw new ArgumentException(
                $"There are {_all.numel()} probabilities, but {weights.Length} weights were given.",
                nameof(weights)
            );
        using var scope = NewDisposeScope();
        Run((_all * Numbers.Beside(_all, weights)).sum());
    }

    public void Dispose()
    {
        _disposed = true;
        _all.Dispose();
        _chosen.Dispose();
        _valueTensor?.Dispose();
    }

    private void Run(Tensor sum)
    {
        _policy.Binding.BeforeBackward();
        sum.backward(retain_graph: true); // Fisher products go through the same graph again and again
        _policy.Binding.AfterBackward();
    }

    private void RequireOnePerToken(ReadOnlySpan<double> weights, string name, bool optional)
    {
        if (weights.Length != _logProbs.Length && !(optional && weights.IsEmpty))
            throw new ArgumentException($"There are {_logProbs.Length} tokens, but {weights.Length} {name} were given.", name);
    }

    private void RequireAlive() => ObjectDisposedException.ThrowIf(_disposed, this);
}
