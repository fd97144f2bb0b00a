using UniPo.Numerics;

namespace UniPo.Engine;

/// <summary>
/// Log-probabilities, entropies and values of given responses, and the way back from weights on them to the gradient.
/// </summary>
internal sealed unsafe partial class TransformerPass(TransformerParts parts, bool recording) : IParallelWork, IBufferUser
{
    /// <summary>
    /// Shares in which the gradient is summed: more than the threads of a usual machine, few enough to cost little memory.
    /// </summary>
    private const int Shares = 4;

    private readonly TransformerShape _shape = parts.Shape;
    private readonly SequenceRows _rows = new();
    private readonly Activations? _activations = recording ? new Activations(parts.Shape) : null;
    private readonly GradientSum[] _sums = [.. Enumerable.Range(0, recording ? Shares : 0).Select(_ => parts.NewGradientSum())];
    private TokenSequences _sequences = null!;
    private Kernels _kernels = Kernels.Widest;
    private float _inverseTemperature;
    private Phase _phase;
    private bool _inReusedBuffer,
        _awaited;
    private double[] _logProbs = [],
        _entropies = [],
        _values = [],
        _rowLogSums = [],
        _rowEntropies = [];
    private double[] _weights = [],
        _entropyWeights = [],
        _valueWeights = [],
        _rowWeights = [],
        _rowEntropyWeights = [];
    private float[] _rowValueWeights = [];

    public ReadOnlySpan<double> LogProbs => _logProbs.AsSpan(0, Tokens);

    public ReadOnlySpan<double> Entropies => _entropies.AsSpan(0, Tokens);

    public ReadOnlySpan<double> Values => parts.HasValueHead ? _values.AsSpan(0, Tokens) : default;

    /// <summary>Number of the forward pass whose numbers stand here.</summary>
    public int Number { get; private set; }

    // Decoding may reuse the buffer once Backward has run.
    bool IBufferUser.NeedsBuffer => _awaited;

    private int Tokens => _sequences.Layout.Tokens;

    private int UsedShares => Math.Min(Shares, _rows.Blocks.Count);

    /// <summary>Computes log-probabilities, entropies and values.</summary>
    public void Run(TokenSequences sequences, double temperature)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(
                nameof(temperature),
                FormattableString.Invariant($"The temperature must be a finite number above 0, but was {temperature}.")
            );
        using var use = parts.Use.Begin();
        Number++;
        _rows.Assign(sequences, parts.Config, _shape.Vocabulary);
        (_sequences, _kernels, _inverseTemperature) = (sequences, parts.Compute.Kernels, (float)(1 / temperature));
        parts.ReserveMemory(_rows.LargestBlock, activations: !recording);
        if (recording)
            Record();
        Grow(ref _logProbs, Tokens);
        Grow(ref _entropies, Tokens);
        Grow(ref _values, Tokens);
        Grow(ref _rowLogSums, _rows.Rows);
        Grow(ref _rowEntropies, _rows.Rows);
        parts.Weights.Fill(parts.Compute, backward: recording);
        Run(Phase.Forward, _rows.Blocks.Count);
    }

    private void Record()
    {
        var reused = parts.ReusedBuffer.Take(this);
        _activations!.Reserve(_rows.Rows, recording: true, reused);
        (_inReusedBuffer, _awaited) = (reused is not null, true);
    }

    public void Backward(
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> entropyWeights = default,
        ReadOnlySpan<double> valueWeights = default
    )
    {
        Take(weights, ref _weights, "weights");
        Take(entropyWeights, ref _entropyWeights, "entropy weights");
        Take(valueWeights, ref _valueWeights, "value weights");
        if (weights.IsEmpty && Tokens > 0)
            throw new ArgumentException($"The batch has {Tokens} tokens, but no weights were given.");
        _symbolWeights = [];
        if (!valueWeights.IsEmpty && !parts.HasValueHead)
            throw new ArgumentException(
                "Value weights were given, but this policy has no value head; create it with ValueHead = true."
            );
        RunBackward();
    }

    /// <summary>There will be no backward pass (any more): decoding may reuse the buffer.</summary>
    public void Release() => _awaited = false;

    private void RunBackward()
    {
        using var use = parts.Use.Begin();
        if (_inReusedBuffer && !parts.ReusedBuffer.IsUsedBy(this))
            throw new InvalidOperationException(
                "A rollout has taken the memory of this forward pass, which had gone backward before. Run Forward again."
            );
        _awaited = false;
        Grow(ref _rowWeights, _rows.Rows);
        Grow(ref _rowEntropyWeights, _rows.Rows);
        Grow(ref _rowValueWeights, _rows.Rows);
        Run(Phase.Backward, UsedShares);
        Run(Phase.Sum, parts.Weights.Matrices.Length);
    }

    private void Run(Phase phase, int count)
    {
        _phase = phase;
        parts.Compute.Run(this, count);
        GC.KeepAlive(this); // and with it the memory that the kernels' pointers lead to
    }

    void IParallelWork.Do(int part, int worker)
    {
        switch (_phase)
        {
            case Phase.Forward:
                Forward(_rows.Blocks[part], parts.Memory(worker));
                break;
            case Phase.Backward:
                _sums[part].Clear();
                var (first, end) = (part * _rows.Blocks.Count / UsedShares, (part + 1) * _rows.Blocks.Count / UsedShares);
                for (var c = first; c < end; c++)
                    Backward(_rows.Blocks[c], parts.Memory(worker), _sums[part]);
                break;
            case Phase.Sum: // in each matrix the shares in their order
                for (var share = 0; share < UsedShares; share++)
                    _sums[share].AddTo(parts.Parameters, _kernels, part);
                break;
        }
    }

    private void Forward(SequenceRows.RowBlock block, WorkerMemory memory)
    {
        var (activations, row) = _activations is null ? (memory.Activations, 0) : (_activations, block.Row);
        parts.Forward.Run(_kernels, _rows, block, activations, row, memory);
        for (var s = block.FirstSegment; s < block.FirstSegment + block.Segments; s++)
            ReadOff(_rows.Segments[s], block, activations, row);
    }

    /// <summary>From logits to the numbers of each token of a segment.</summary>
    private void ReadOff(SequenceRows.Segment segment, SequenceRows.RowBlock block, Activations activations, int blockRow)
    {
        var shift = blockRow - block.Row; // from the batch's rows to those of the activations
        for (var row = segment.Row + segment.PromptRows - 1; row < segment.Row + segment.Rows; row++)
        {
            var sum = _kernels.Shift(
                activations.Logits(row + shift),
                _shape.Vocabulary,
                _shape.LogitStride,
                _inverseTemperature,
                out var mean
            );
            _rowLogSums[row] = Math.Log(sum);
            _rowEntropies[row] = _rowLogSums[row] - ((double)mean / sum);
        }
        var (first, end) = TokensOf(segment);
        for (var token = first; token < end; token++)
        {
            var row = _rows.Predictors[token];
            _logProbs[token] = activations.Logits(row + shift)[_rows.Targets[token]] - _rowLogSums[row];
            _entropies[token] = _rowEntropies[row];
            if (parts.HasValueHead)
                _values[token] = *activations.Value(row + shift);
        }
    }

    private void Backward(SequenceRows.RowBlock block, WorkerMemory memory, GradientSum sum)
    {
        new Span<float>(memory.LogitGradient, block.Rows * _shape.LogitStride).Clear();
        _rowWeights.AsSpan(block.Row, block.Rows).Clear();
        _rowEntropyWeights.AsSpan(block.Row, block.Rows).Clear();
        _rowValueWeights.AsSpan(block.Row, block.Rows).Clear();
        for (var s = block.FirstSegment; s < block.FirstSegment + block.Segments; s++)
            LogitGradientOf(_rows.Segments[s], block, memory.LogitGradient);
        var values = _valueWeights.Length > 0 ? _rowValueWeights.AsSpan(block.Row, block.Rows) : default;
        parts.Backward.Run(_kernels, _rows, block, _activations!, values, memory, sum);
    }

    /// <summary>
    /// With p = softmax(z): ∂log p_k/∂z = 1_k − p and ∂H/∂z = −p ∘ (log p + H). What all tokens of a row share is p ∘ (a + b·z);
    /// the one at the token itself is added after it. (z is already divided by the temperature; the last factor is its
    /// derivative.)
    /// </summary>
    private void LogitGradient(SequenceRows.Segment segment, SequenceRows.RowBlock block, float* gradient)
    {
        var (first, end) = TokensOf(segment);
        for (var token = first; token < end; token++)
        {
            var row = _rows.Predictors[token];
            _rowWeights[row] += _weights[token];
            if (_entropyWeights.Length > 0)
                _rowEntropyWeights[row] += _entropyWeights[token];
            if (_valueWeights.Length > 0)
                _rowValueWeights[row] += (float)_valueWeights[token];
        }
        for (var row = segment.Row + segment.PromptRows - 1; row < segment.Row + segment.Rows; row++)
        {
            var scale = -_inverseTemperature * Math.Exp(-_rowLogSums[row]);
            var a = scale * (_rowWeights[row] + (_rowEntropyWeights[row] * (_rowEntropies[row] - _rowLogSums[row])));
            _kernels.ShiftBackward(
                _activations!.Logits(row),
                gradient + ((row - block.Row) * (long)_shape.LogitStride),
                _shape.Vocabulary,
                _shape.LogitStride,
                (float)a,
                (float)(scale * _rowEntropyWeights[row])
            );
        }
        for (var token = first; token < end; token++)
            gradient[((_rows.Predictors[token] - block.Row) * (long)_shape.LogitStride) + _rows.Targets[token]] += (float)(
                _inverseTemperature * _weights[token]
            );
    }

    private (int First, int End) TokensOf(in SequenceRows.Segment segment) =>
        (
            _sequences.Layout.RowStarts[segment.FirstResponse],
            _sequences.Layout.RowStarts[segment.FirstResponse + segment.Responses]
        );

    private void Take(ReadOnlySpan<double> given, ref double[] kept, string what)
    {
        if (!given.IsEmpty && given.Length != Tokens)
            throw new ArgumentException($"The batch has {Tokens} tokens, but {given.Length} {what} were given.");
        for (var token = 0; token < given.Length; token++)
            if (!double.IsFinite(given[token]))
                throw new ArgumentException(
                    FormattableString.Invariant($"The {what} must be finite, but that of token {token} was {given[token]}.")
                );
        if (kept.Length != given.Length)
            kept = new double[given.Length];
        given.CopyTo(kept);
    }

    private enum Phase
    {
        Forward,
        Backward,
        Sum,
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
    }
}
