namespace UniPo.Formulas;

/// <summary>A number of the formula itself, or a setting.</summary>
internal sealed class ConstantNode(double value) : Node(Level.Batch)
{
    public double Value { get; } = value;

    public override bool IsLinear => true;

    public override void Forward(Frame frame) => frame.All(this)[0] = Value;

    public override void Backward(Frame frame) { }
}

/// <summary>Reads numbers of a batch into the room for them.</summary>
internal delegate void BatchReader(FormulaInputs inputs, Span<double> numbers);

/// <summary>Numbers that the batch knows, one a response or fewer.</summary>
internal sealed class BatchLeaf(Level level, BatchReader read) : Node(level)
{
    public override bool IsWhole => true;

    public override bool IsLinear => true;

    public override void Forward(Frame frame) => read(frame.Inputs, frame.All(this));

    public override void Backward(Frame frame) { }
}

/// <summary>A column of the batch, one number a token. Masked tokens read as 0, whatever stands there.</summary>
internal sealed class TokenLeaf(Func<FormulaInputs, TokenColumn> column, bool moves) : Node(Level.Token)
{
    private readonly Func<FormulaInputs, TokenColumn> _column = column;

    public override bool Moves { get; } = moves;

    public override bool IsLinear => true;

    /// <summary>[T_i] the numbers of the response at hand.</summary>
    public ReadOnlySpan<double> Read(Frame frame) =>
        frame.Mask.IsEmpty && _column(frame.Inputs) is { Shares: null } column ? column.Row(frame.Row) : frame.Values(this);

    public override void Forward(Frame frame)
    {
        var column = _column(frame.Inputs);
        if (frame.Mask.IsEmpty && column.Shares is null)
            return; // read where it lies
        var values = frame.Values(this);
        var row = column.Row(frame.Row, values);
        if (!row.Overlaps(values))
            row.CopyTo(values);
        Masked.Clear(frame.Mask, values);
    }

    public override void Backward(Frame frame) { }
}

/// <summary>One number a response, taken from a column of which all tokens of a response share one.</summary>
internal sealed class SharedLeaf(Func<FormulaInputs, TokenColumn> column) : Node(Level.Response)
{
    public override bool IsWhole => true;

    public override bool IsLinear => true;

    public override void Forward(Frame frame) => column(frame.Inputs).Shares!.CopyTo(frame.All(this));

    public override void Backward(Frame frame) { }
}

/// <summary>1 for a token that counts, 0 for a masked one.</summary>
internal sealed class MaskLeaf() : Node(Level.Token)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var values = frame.Values(this);
        values.Fill(1);
        Masked.Clear(frame.Mask, values);
    }

    public override void Backward(Frame frame) { }
}

/// <summary>A column as it lies in the batch, masked tokens included: what some trainers read on a tool's output.</summary>
internal sealed class RawTokenLeaf(Func<FormulaInputs, TokenColumn> column) : Node(Level.Token)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var values = frame.Values(this);
        column(frame.Inputs).Row(frame.Row).CopyTo(values);
        if (frame.Mask.IsEmpty)
            return;
        for (var t = 0; t < values.Length; t++)
            if (!double.IsFinite(values[t]))
                values[t] = 0;
    }

    public override void Backward(Frame frame) { }
}

/// <summary>R_it where a task gives one reward only: that of the response, at its last token that counts.</summary>
internal sealed class FinalRewardNode(Node reward) : Node(Level.Token, reward)
{
    public override void Forward(Frame frame)
    {
        var values = frame.Values(this);
        values.Clear();
        for (var t = values.Length - 1; t >= 0; t--)
            if (frame.Mask.IsEmpty || frame.Mask[t])
            {
                values[t] = frame.Shared(reward);
                return;
            }
    }

    public override void Backward(Frame frame) { }
}

/// <summary>t: the place of a token among those of its response that count, from 1.</summary>
internal sealed class PositionNode() : Node(Level.Token)
{
    public override void Forward(Frame frame)
    {
        var values = frame.Values(this);
        var place = 0;
        for (var t = 0; t < values.Length; t++)
        {
            values[t] = place + 1;
            if (frame.Mask.IsEmpty || frame.Mask[t])
                place++;
        }
    }

    public override void Backward(Frame frame) { }
}
