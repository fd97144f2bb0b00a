namespace UniPo.Formulas;

/// <summary>Σ_t or mean_t over the tokens of a response that count.</summary>
internal sealed class TokenFold(Node body, bool mean) : Node(Level.Response, body)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var sum = Masked.Sum(frame.Mask, frame.Values(body, this));
        var count = frame.Layout.ActiveInRow[frame.Row];
        frame.Values(this)[0] =
            !mean ? sum
            : count == 0 ? 0
            : sum / count;
    }

    public override void Backward(Frame frame)
    {
        var count = frame.Layout.ActiveInRow[frame.Row];
        if (count == 0)
            return;
        var slope = frame.Slopes(this)[0] / (mean ? count : 1);
        var sum = frame.Slopes(body, this);
        var mask = frame.Mask;
        if (mask.IsEmpty)
            foreach (ref var target in sum)
                target += slope;
        for (var t = 0; t < mask.Length; t++)
            if (mask[t])
                sum[t] += slope;
    }
}

/// <summary>Which later tokens a sum over them sees.</summary>
internal enum Suffix
{
    /// <summary>Those that count; a masked token is passed over.</summary>
    Active,

    /// <summary>All, masked ones included.</summary>
    Places,

    /// <summary>All up to the next masked one.</summary>
    UntilMasked,
}

/// <summary>Σ_{s≥t} decay^(s−t) · x_s: what is still to come, from the last token to the first in one go.</summary>
internal sealed class SuffixSumNode(Node body, Node? decay, Suffix suffix)
    : Node(Level.Token, decay is null ? [body] : [body, decay])
{
    public override bool Moves { get; } = body.Moves;

    public override bool IsLinear => true;

    private double DecayOf(Frame frame) => decay is null ? 1 : frame.Shared(decay);

    public override void Forward(Frame frame)
    {
        var x = frame.Values(body, this);
        var r = frame.Values(this);
        var mask = frame.Mask;
        var factor = DecayOf(frame);
        var sum = 0.0;
        for (var t = r.Length - 1; t >= 0; t--)
        {
            if (mask.IsEmpty || mask[t] || suffix == Suffix.Places)
                sum = Math.FusedMultiplyAdd(factor, sum, x[t]); // each token waits for the next: one step, not two
            else if (suffix == Suffix.UntilMasked)
                sum = 0;
            r[t] = sum;
        }
    }

    // ∂J/∂x_s = Σ_{t≤s} decay^(s−t) ∂J/∂r_t: the same sum from the front.
    public override void Backward(Frame frame)
    {
        var slopes = frame.Slopes(this);
        var target = frame.Slopes(body, this);
        var mask = frame.Mask;
        var factor = DecayOf(frame);
        var sum = 0.0;
        var passed = 0.0; // of masked tokens in front, which hand on to the next that counts without a discount
        for (var t = 0; t < slopes.Length; t++)
        {
            if (mask.IsEmpty || mask[t] || suffix == Suffix.Places)
            {
                target[t] += sum = slopes[t] + passed + factor * sum;
                passed = 0;
            }
            else if (suffix == Suffix.UntilMasked)
                sum = 0;
            else
                passed += slopes[t];
        }
    }
}

/// <summary>The number of the next token, or of the next one that counts; 0 after the last.</summary>
internal sealed class NextNode(Node body, bool activeOnly) : Node(Level.Token, body)
{
    public override bool IsLinear => true;

    public override void Forward(Frame frame)
    {
        var x = frame.Values(body, this);
        var r = frame.Values(this);
        var next = 0.0;
        for (var t = r.Length - 1; t >= 0; t--)
        {
            r[t] = next;
            if (!activeOnly || frame.Mask.IsEmpty || frame.Mask[t])
                next = x[t];
        }
    }

    public override void Backward(Frame frame)
    {
        var slopes = frame.Slopes(this);
        var target = frame.Slopes(body, this);
        var last = -1;
        for (var t = slopes.Length - 1; t >= 0; t--)
        {
            if (last >= 0)
                target[last] += slopes[t];
            if (!activeOnly || frame.Mask.IsEmpty || frame.Mask[t])
                last = t;
        }
    }
}
