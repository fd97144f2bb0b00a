using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>Responses being written: what a model with a cache and one without have in common.</summary>
internal abstract class TorchDecoding : IDecoding
{
    // Beyond as many symbols it pays to choose where the logits are; below, the choice is UniPo's own to the last bit.
    private const int ManySymbols = 4096;
    private Tensor? _logits;

    protected TorchDecoding(TorchPolicy policy, int rows) => (Policy, Rows) = (policy, rows);

    public int Rows { get; }

    public ReadOnlySpan<float> Logits =>
        Policy.Tokenizer.Count > ManySymbols ? [] : MemoryMarshal.Cast<byte, float>(Current.bytes);

    protected TorchPolicy Policy { get; }

    private Tensor Current => _logits ?? throw new ObjectDisposedException(nameof(TorchDecoding));

    public void Choose(ReadOnlySpan<double> places, double temperature, Span<NextToken> chosen)
    {
        if (Policy.Tokenizer.Count > ManySymbols)
        {
            ChooseInPlace(places, temperature, chosen);
            return;
        }
        var logits = Logits;
        var width = Policy.Tokenizer.Count;
        for (var row = 0; row < Rows; row++)
            if (!double.IsNaN(places[row]))
                chosen[row] = NextToken.Choose(logits.Slice(row * width, width), temperature, places[row]);
    }

    public void Append(ReadOnlySpan<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var next = new long[Rows];
        for (var row = 0; row < Rows; row++)
            next[row] = tokens[row] < 0 ? Policy.Tokenizer.Pad : PaddedBatch.Checked(tokens[row], Policy.Tokenizer.Count);
        Take(After(next));
    }

    public virtual void Dispose()
    {
        _logits?.Dispose();
        _logits = null;
    }

    /// <summary>[rows, V] logits after one more token a row.</summary>
    protected abstract Tensor After(long[] next);

    protected void Take(Tensor logits)
    {
        _logits?.Dispose();
        var here = Policy.Tokenizer.Count > ManySymbols ? logits : logits.cpu().contiguous();
        _logits = here.DetachFromDisposeScope();
    }

    /// <summary>All rows at once, on the model's device: the places are looked up in the stacked probabilities.</summary>
    private void ChooseInPlace(ReadOnlySpan<double> places, double temperature, Span<NextToken> chosen)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var logProbs = (Current / temperature).log_softmax(-1);
        var probabilities = logProbs.exp();
        var stacked = probabilities.to(float64).cumsum(-1);
        var hits = tensor(places.ToArray().Select(p => p >= 0 ? p : 0).ToArray(), dtype: float64).to(Current.device).unsqueeze(1);
        // Right of the last symbol whose stack ends at or before the place: symbols without probability are never hit.
        var drawn = searchsorted(stacked, hits * stacked.narrow(1, -1, 1), right: true)
            .clamp_max(Policy.Tokenizer.Count - 1)
            .squeeze(1);
        var greedy = Current.argmax(-1);
        var isGreedy = tensor(places.ToArray().Select(p => p == NextToken.MostProbable).ToArray()).to(Current.device);
        var tokens = where(isGreedy, greedy, drawn);
        var (logProb, entropy) = (new double[Rows], new double[Rows]);
        Numbers.CopyTo(logProbs.gather(1, tokens.unsqueeze(1)).squeeze(1), logProb, nameof(logProb));
        Numbers.CopyTo(special.entr(probabilities).sum([-1L]), entropy, nameof(entropy));
        var ids = tokens.cpu().data<long>();
        for (var row = 0; row < Rows; row++)
        {
            if (double.IsNaN(places[row]))
                continue;
            if (!double.IsFinite(logProb[row]))
                throw new NotFiniteNumberException(
                    $"the policy's logits in row {row} are not finite, so nothing can be sampled from them",
                    logProb[row]
                );
            chosen[row] = new NextToken((int)ids[row], logProb[row], entropy[row]);
        }
    }
}

/// <summary>Writes with a cache of keys and values; the prompt of a group is computed once.</summary>
internal sealed class CachedDecoding : TorchDecoding
{
    private readonly DecodingState _state;

    public CachedDecoding(TorchPolicy policy, IReadOnlyList<int[]> prompts, int group, int maxTokens)
        : base(policy, prompts.Count * group)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var longest = prompts.Max(p => p.Length);
        using var start = policy.Model.NewState(prompts.Count, longest)!;
        var tokens = new long[prompts.Count * longest];
        Array.Fill(tokens, policy.Tokenizer.Pad);
        // Padding on the left, so that every row goes on at the same place.
        for (var p = 0; p < prompts.Count; p++)
        for (var i = 0; i < prompts[p].Length; i++)
            tokens[((p + 1) * longest) - prompts[p].Length + i] = PaddedBatch.Checked(prompts[p][i], policy.Tokenizer.Count);
        if (prompts.Any(p => p.Length != longest))
            start.LeftPadding = tensor([.. prompts.Select(p => (long)(longest - p.Length))])
                .to(policy.Device)
                .DetachFromDisposeScope();
        var hidden = policy.Model.Hidden(tensor(tokens, [prompts.Count, longest]).to(policy.Device), start);
        var logits = policy.Logits(hidden.select(1, longest - 1));
        _state = policy.Model.NewState(Rows, longest + maxTokens)!;
        _state.Continue(start, group);
        Take(logits.repeat_interleave(group, 0));
    }

    public override void Dispose()
    {
        _state.Dispose();
        base.Dispose();
    }

    protected override Tensor After(long[] next) =>
        Policy.Logits(Policy.Model.Hidden(tensor(next, [Rows, 1]).to(Policy.Device), _state).squeeze(1));
}

/// <summary>Writes without a cache: every token computes its whole prefix again.</summary>
internal sealed class PrefixDecoding : TorchDecoding
{
    private readonly long[] _tokens;
    private readonly int[] _lengths;
    private readonly int _room;

    public PrefixDecoding(TorchPolicy policy, IReadOnlyList<int[]> prompts, int group, int maxTokens)
        : base(policy, prompts.Count * group)
    {
        _room = prompts.Max(p => p.Length) + maxTokens;
        (_tokens, _lengths) = (new long[Rows * _room], new int[Rows]);
        Array.Fill(_tokens, policy.Tokenizer.Pad);
        for (var row = 0; row < Rows; row++)
            foreach (var token in prompts[row / group])
                _tokens[(row * _room) + _lengths[row]++] = PaddedBatch.Checked(token, policy.Tokenizer.Count);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        Take(Last());
    }

    protected override Tensor After(long[] next)
    {
        for (var row = 0; row < Rows; row++)
            _tokens[(row * _room) + _lengths[row]++] = next[row];
        return Last();
    }

    private Tensor Last()
    {
        var longest = _lengths.Max();
        var tokens = tensor(_tokens, [Rows, _room]).narrow(1, 0, longest).to(Policy.Device);
        var last = tensor([.. _lengths.Select((length, row) => ((long)row * longest) + length - 1)]).to(Policy.Device);
        return Policy.Logits(TorchPolicy.At(Policy.Model.Hidden(tokens), last));
    }
}
