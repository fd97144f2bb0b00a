namespace UniPo.Formulas;

/// <summary>The smaller or the larger of two; a tie goes to the first. The derivative is that of the one that won.</summary>
/// <remarks>Where a constant wins, the token has no gradient: a bound bites.</remarks>
internal sealed class ExtremeNode(Level level, Node a, Node b, bool smaller, bool guard) : Node(level, a, b)
{
    private readonly double _sign = smaller ? 1 : -1;

    public override bool CanMark => guard ? base.CanMark : Direction.Sign != 0;

    public override void Forward(Frame frame) =>
        RowKernels.Choose(_sign, frame.Values(a, this), frame.Values(b, this), frame.Values(this));

    public override void Backward(Frame frame)
    {
        ReadOnlySpan<double> x = frame.Values(a, this),
            y = frame.Values(b, this),
            slopes = frame.Slopes(this);
        if (a.Moves)
            RowKernels.AddChosen(_sign, first: true, x, y, slopes, frame.Slopes(a, this));
        if (b.Moves)
            RowKernels.AddChosen(_sign, first: false, x, y, slopes, frame.Slopes(b, this));
    }

    public override void Mark(Frame frame)
    {
        ReadOnlySpan<double> x = frame.Values(a, this),
            y = frame.Values(b, this);
        var marks = frame.Marks(this);
        for (var t = 0; t < marks.Length; t++)
        {
            var i = Level == Level.Token ? t : 0;
            var difference = _sign * (y[i] - x[i]);
            var (winner, loser) = difference < 0 ? (b, a) : (a, b);
            marks[t] =
                !guard && difference != 0 && winner.Direction.Sign == 0 && loser.Direction.Sign != 0 && winner.Marks < 0
                    ? frame.Side(smaller ? loser.Direction : -loser.Direction, t)
                : winner.Marks < 0 ? ClipSide.None
                : frame.Marks(winner)[t];
        }
    }
}

/// <summary>x between two bounds. A guard only keeps numbers finite and is no trust region: it marks nothing.</summary>
internal sealed class ClampNode(Level level, Node x, Node low, Node high, bool guard) : Node(level, x, low, high)
{
    public override bool Moves { get; } = x.Moves;

    public override bool CanMark => !guard && x.Direction.Sign != 0 || x.CanMark;

    private double LeastOf(Frame frame) => frame.Shared(low);

    private double MostOf(Frame frame) => frame.Shared(high);

    public override void Forward(Frame frame) =>
        RowKernels.Clamp(frame.Values(x, this), LeastOf(frame), MostOf(frame), frame.Values(this));

    public override void Backward(Frame frame) =>
        RowKernels.AddWithin(frame.Values(x, this), LeastOf(frame), MostOf(frame), frame.Slopes(this), frame.Slopes(x, this));

    public override void Mark(Frame frame)
    {
        PassMarksOn(frame);
        if (guard)
            return;
        var input = frame.Values(x, this);
        var marks = frame.Marks(this);
        var least = LeastOf(frame);
        var most = MostOf(frame);
        for (var t = 0; t < marks.Length; t++)
        {
            var value = input[Level == Level.Token ? t : 0];
            if (value < least || value > most)
                marks[t] = frame.Side(value > most ? x.Direction : -x.Direction, t);
        }
    }
}

/// <summary>1 where a relation holds, 0 elsewhere. A number that is not known (NaN) is in no relation.</summary>
internal sealed class RelationOf(Level level, Node a, string sign, Node b) : Node(level, a, b)
{
    public override bool Moves => false;

    public override bool CanMark => sign is not ("=" or "≠") && (a.Direction.Sign != 0 || b.Direction.Sign != 0);

    private static double At(Frame frame, Node input, Node reader, int i) =>
        Frame.IsShared(input, reader) ? frame.Shared(input) : frame.Values(input, reader)[i];

    private static bool Holds(double x, string sign, double y) =>
        sign switch
        {
            "<" => x < y,
            "≤" => x <= y,
            "=" => x == y,
            "≠" => x < y || x > y,
            "≥" => x >= y,
            _ => x > y,
        };

    public override void Forward(Frame frame)
    {
        var r = frame.Values(this);
        for (var i = 0; i < r.Length; i++)
            r[i] = Holds(At(frame, a, this, i), sign, At(frame, b, this, i)) ? 1 : 0;
    }

    public override void Backward(Frame frame) { }

    /// <summary>Where a condition on log π fails, the token was taken out: it had gone too far up or down.</summary>
    public override void Mark(Frame frame)
    {
        var r = frame.Values(this);
        var marks = frame.Marks(this);
        marks.Clear();
        var direction = a.Direction.Sign != 0 ? a.Direction : -b.Direction;
        if (sign is ">" or "≥")
            direction = -direction;
        for (var t = 0; t < marks.Length; t++)
            if (r[Level == Level.Token ? t : 0] == 0)
                marks[t] = frame.Side(direction, t);
    }
}

/// <summary>One value where a condition holds, another elsewhere.</summary>
internal sealed class CasesOf(Level level, Node condition, Node then, Node otherwise) : Node(level, condition, then, otherwise)
{
    public override bool Moves { get; } = then.Moves || otherwise.Moves;

    public override bool CanMark => then.CanMark || otherwise.CanMark;

    private static double At(Frame frame, Node input, Node reader, int i) =>
        Frame.IsShared(input, reader) ? frame.Shared(input) : frame.Values(input, reader)[i];

    public override void Forward(Frame frame)
    {
        var r = frame.Values(this);
        for (var i = 0; i < r.Length; i++)
            r[i] = At(frame, At(frame, condition, this, i) != 0 ? then : otherwise, this, i);
    }

    public override void Backward(Frame frame)
    {
        var slopes = frame.Slopes(this);
        for (var i = 0; i < slopes.Length; i++)
        {
            var chosen = At(frame, condition, this, i) != 0 ? then : otherwise;
            if (!chosen.Moves || slopes[i] == 0)
                continue;
            if (Frame.IsShared(chosen, this))
                frame.AddShared(chosen, slopes[i]);
            else
                frame.Slopes(chosen, this)[i] += slopes[i];
        }
    }

    public override void Mark(Frame frame)
    {
        var marks = frame.Marks(this);
        for (var t = 0; t < marks.Length; t++)
        {
            var chosen = At(frame, condition, this, Level == Level.Token ? t : 0) != 0 ? then : otherwise;
            marks[t] = chosen.Marks < 0 ? ClipSide.None : frame.Marks(chosen)[t];
        }
    }
}
