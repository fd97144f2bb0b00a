using UniPo.Formulas;

namespace UniPo;

/// <summary>Runs the formula of a <see cref="PolicyObjective"/> on a credited batch and reads its columns.</summary>
internal sealed class PolicyEvaluation
{
    private readonly PolicyObjective _objective;
    private readonly CreditedBatch _credited;
    private readonly RolloutBatch _batch;
    private readonly TokenLayout _layout;
    private readonly TokenColumn _advantages;
    private readonly FormulaProgram _program;
    private readonly SummaryTally _tally;
    private readonly double[] _weights,
        _terms,
        _shares;
    private readonly double[]? _ratio,
        _kl,
        _entropyWeights,
        _valueWeights;
    private readonly ClipSide[]? _sides;
    private int _valuesHeld;

    public PolicyEvaluation(PolicyObjective objective, CreditedBatch credited)
    {
        (_objective, _credited, _batch, _layout) = (objective, credited, credited.Batch, credited.Batch.Layout);
        _advantages =
            credited.Advantages
            ?? throw new ArgumentException($"{objective.Name} needs advantages; let its own Credit prepare the batch.");
        _program = objective.Program(_advantages.Shares is not null);
        _tally = new SummaryTally(_layout);
        (_weights, _terms, _shares) = (Empty(), New(), new double[_layout.Responses]);
        _ratio = _program.Named.ContainsKey("ratio") ? New() : null;
        _kl = _program.Named.ContainsKey("kl") ? New() : null;
        _entropyWeights = objective.Entropy is { Coefficient: > 0 } ? Empty() : null;
        _valueWeights = objective.Value is null ? null : Empty();
        _sides = objective.Clip is NoTrustRegion ? null : new ClipSide[_layout.Tokens];
    }

    private double[] New() => GC.AllocateUninitializedArray<double>(_layout.Tokens);

    private double[] Empty() => new double[_layout.Tokens];

    private Span<T> Row<T>(T[] column, int row) => column.AsSpan(_layout.RowStarts[row], _layout.Length(row));

    public TokenReport Run()
    {
        var inputs = new FormulaInputs
        {
            Batch = _batch,
            Totals = _credited.Totals,
            Columns = Columns(),
            Numbers = Numbers(),
        };
        using var frame = new Frame(_program, inputs);
        Keep(frame, "ratio", _ratio);
        Keep(frame, "kl", _kl);
        Keep(frame, "term", _terms);
        KeepSlopes(frame, "log π", _weights);
        KeepSlopes(frame, "H", _entropyWeights);
        KeepSlopes(frame, "V", _valueWeights);
        _program.Run(frame, row => Finish(frame, row));
        return Report(frame.All(_program.Root)[0]);
    }

    private void Keep(Frame frame, string name, double[]? column)
    {
        if (column is not null && _program.Named[name] is { Level: Level.Token } node and not TokenLeaf)
            frame.Keep(node, column);
    }

    private void KeepSlopes(Frame frame, string name, double[]? column)
    {
        if (column is not null && _program.Named[name] is var node)
            frame.KeepSlopes(node, column);
    }

    // Columns that a formula names by a letter, but that are settled once for a rollout or chosen by looking at all tokens.
    private Dictionary<object, TokenColumn> Columns()
    {
        var columns = new Dictionary<object, TokenColumn> { [_objective.AdvantageLetter] = _advantages };
        if (_objective.Value is not null && _credited.ValueTargets is { } targets)
            columns[PolicyObjective.TargetLetter] = targets;
        if (_objective.Clip.Choice is { } choice)
            columns[choice] = new TokenColumn(_layout, _objective.Clip.Choose(_batch, _advantages.Values));
        return columns;
    }

    private Dictionary<Quantity, double> Numbers() =>
        _objective.Filters.TopEntropy is null
            ? []
            : new()
            {
                [Quantities.EntropyThreshold] =
                    _credited.Totals.EntropyThreshold ?? _objective.Filters.EntropyThreshold(_batch) ?? double.NegativeInfinity,
            };

    /// <summary>A response is complete: what the report keeps of it is copied and counted while it lies in the cache.</summary>
    private void Finish(Frame frame, int row)
    {
        var mask = _layout.RowMask(row);
        Clear(mask, _weights, row);
        Clear(mask, _entropyWeights, row);
        Clear(mask, _valueWeights, row);
        Copy(frame, "term", _terms, row, 0);
        Copy(frame, "ratio", _ratio, row, 1);
        Copy(frame, "kl", _kl, row, 0);
        _shares[row] = ShareOf(frame, row);
        if (_sides is not null)
            MarkSides(frame, row);
        if (_valueWeights is not null && _program.Named["value loss"].Level == Level.Token)
            _valuesHeld += HeldValues(frame, row);
        Count(row);
    }

    private void Clear(ReadOnlySpan<bool> mask, double[]? column, int row)
    {
        if (column is not null)
            Masked.Clear(mask, Row(column, row));
    }

    /// <summary>The column as the report shows it: repeated where a response shares it, and plain on masked tokens.</summary>
    private void Copy(Frame frame, string name, double[]? column, int row, double masked)
    {
        if (column is null)
            return;
        var node = _program.Named[name];
        var target = Row(column, row);
        var mask = _layout.RowMask(row);
        if (node.Level < Level.Token)
            target.Fill(frame.Shared(node));
        else if (node is TokenLeaf leaf)
            leaf.Read(frame).CopyTo(target);
        for (var t = 0; t < mask.Length; t++)
            if (!mask[t])
                target[t] = masked;
    }

    // Aggregation multiplies every term of a response by the same factor: the derivative of J by the term.
    private double ShareOf(Frame frame, int row)
    {
        var node = _program.Named["term"];
        if (!node.Moves || _layout.ActiveInRow[row] == 0)
            return 0;
        var slopes = frame.Slopes(node);
        if (node.Level < Level.Token)
            return slopes[0] / _layout.ActiveInRow[row];
        var mask = _layout.RowMask(row);
        return slopes[mask.IsEmpty ? 0 : mask.IndexOf(true)];
    }

    private void MarkSides(Frame frame, int row)
    {
        var sides = Row(_sides!, row);
        if (_program.Marked is { Marks: >= 0 } region)
            frame.Marks(region).CopyTo(sides);
        if (_objective.Clip.Choice is { } choice)
        {
            var column = frame.Inputs.Columns[choice].Row(row);
            var plain = choice == Quantities.Kept ? 1 : 0;
            for (var t = 0; t < sides.Length; t++)
                if (column[t] != plain)
                    sides[t] = ClipSide.Dropped;
        }
        Masked.Clear(_layout.RowMask(row), sides);
    }

    // The value loss takes the error of the clipped value where it is the larger one; then V has no gradient.
    private int HeldValues(Frame frame, int row)
    {
        var weights = Row(_valueWeights!, row);
        var loss = frame.Values(_program.Named["value loss"]);
        var mask = _layout.RowMask(row);
        var held = 0;
        for (var t = 0; t < weights.Length; t++)
            if ((mask.IsEmpty || mask[t]) && weights[t] == 0 && loss[t] != 0)
                held++;
        return held;
    }

    private void Count(int row)
    {
        _tally.AddDistance(row, _batch);
        _tally.AddWeights(row, Row(_weights, row));
        if (_ratio is not null)
            _tally.AddRatios(row, Row(_ratio, row));
        if (_sides is not null)
            _tally.AddSides(Row(_sides, row));
        if (_kl is not null)
            _tally.AddKl(Row(_kl, row));
        else if (_credited.RewardKl is { } paid)
            _tally.AddKl(paid.Row(row));
    }

    private TokenReport Report(double objective)
    {
        if (!double.IsFinite(objective))
            throw new ArithmeticException(
                FormattableString.Invariant(
                    $"The objective of {_objective.Name} came out as {objective}; log-probabilities, rewards and advantages must be finite and of reasonable size."
                )
            );
        return new TokenReport
        {
            Objective = _objective,
            Batch = _batch,
            Weight = new TokenColumn(_layout, _weights),
            Advantage = _advantages,
            Ratio = _ratio is null ? null : new TokenColumn(_layout, _ratio),
            Clipped = _sides,
            Kl = _kl is null ? _credited.RewardKl : new TokenColumn(_layout, _kl),
            TokenObjective = new TokenColumn(_layout, _terms),
            AggregationWeight = TokenColumn.PerResponse(_layout, _shares),
            EntropyWeight = _entropyWeights is null ? null : new TokenColumn(_layout, _entropyWeights),
            ValueWeight = _valueWeights is null ? null : new TokenColumn(_layout, _valueWeights),
            ValueTarget = _valueWeights is null ? null : _credited.ValueTargets,
            Totals = _credited.Totals,
            Summary = _tally.Summary(objective, _advantages) with
            {
                ValueClipFraction = _valueWeights is null ? null : (double)_valuesHeld / Math.Max(_layout.ActiveTokens, 1),
            },
        };
    }
}
