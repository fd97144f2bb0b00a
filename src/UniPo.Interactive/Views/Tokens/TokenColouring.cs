namespace UniPo.Interactive;

/// <summary>Turns the numbers of one column into colour levels and short labels.</summary>
internal sealed class TokenColouring
{
    private readonly TokenColumn? _column;
    private readonly double _limit;
    private readonly NumberScale _scale;

    /// <summary>The colouring of a batch, and of its report where there is one.</summary>
    public TokenColouring(TokenColour colour, TokenRange range, RolloutBatch batch, TokenReport? report)
    {
        Colour = colour;
        Range = range;
        _column = Column(colour, batch, report);
        var limit =
            range.Limit is { } limited ? (colour == TokenColour.Ratio ? Math.Abs(Math.Log(limited)) : limited)
            : range.Run is { } run ? run.Steps.Max(s => s.Report is { } r ? Largest(Column(colour, r.Batch, r)) : 0)
            : Largest(_column);
        _limit = colour == TokenColour.Probability ? 1 : limit;
        _scale = colour == TokenColour.Ratio ? NumberScale.For(Math.Exp(_limit)) : NumberScale.For(_limit);
    }

    /// <summary>What the colour means.</summary>
    public TokenColour Colour { get; }

    /// <summary>How the limit was chosen.</summary>
    public TokenRange Range { get; }

    /// <summary>The size with full colour; for a ratio its logarithm.</summary>
    public double Limit => _limit;

    /// <summary>True when the batch holds the column.</summary>
    public bool IsMeasured => _column is not null;

    /// <summary>True when numbers lie on both sides of neutral, so that the colour has a direction.</summary>
    public bool IsSigned =>
        Colour is TokenColour.Weight or TokenColour.Objective or TokenColour.Ratio or TokenColour.Advantage or TokenColour.Value;

    /// <summary>The power of ten of all labels; empty for plain numbers.</summary>
    public string Unit => _scale.Unit.TrimStart('×');

    /// <summary>The number of one token; NaN when it was not measured.</summary>
    public double Value(int token) => _column is null ? double.NaN : _column.Values[token];

    /// <summary>
    /// The number as a share of the limit, in [−1, 1]; for a ratio on the logarithmic scale, where 2 and ½ are equally far from
    /// 1.
    /// </summary>
    public double Position(double value)
    {
        var signed = Signed(Colour, value);
        return _limit == 0 || !double.IsFinite(signed) ? 0 : Math.Clamp(signed / _limit, -1, 1);
    }

    /// <summary>Class of a token's mark. Every number but exact neutral gets at least the first step of colour.</summary>
    public string? Class(double value)
    {
        if (!double.IsFinite(value))
            return null;
        var position = Position(value);
        var level = position == 0 ? 0 : Math.Sign(position) * Math.Max(1, (int)Math.Round(Math.Abs(position) * Palette.Levels));
        return IsSigned ? Theme.SignedClass(level) : Theme.SizeClass(Math.Abs(level));
    }

    /// <summary>The label of a token.</summary>
    public string Label(double value) => IsSigned && Colour != TokenColour.Ratio ? _scale.Signed(value) : _scale.Write(value);

    /// <summary>The labels of the legend: low end, neutral, high end; for a column without sign, low and high end.</summary>
    public string[] Ends =>
        Colour switch
        {
            TokenColour.Ratio => [_scale.Write(Math.Exp(-_limit)), "1", _scale.Write(Math.Exp(_limit))],
            TokenColour.LogProb => ["0", _scale.Write(-_limit)],
            _ when IsSigned => [_scale.Signed(-_limit), "0", _scale.Signed(_limit)],
            _ => ["0", _scale.Write(_limit)],
        };

    /// <summary>Name of the column as a reader says it.</summary>
    public string Name =>
        Colour switch
        {
            TokenColour.LogProb => "log-probability",
            TokenColour.Kl => "KL",
            TokenColour.Value => "value estimate",
            TokenColour.Objective => "objective term",
            _ => Colour.ToString().ToLowerInvariant(),
        };

    /// <summary>What the column is, in symbols or words.</summary>
    public string Meaning =>
        Colour switch
        {
            TokenColour.Weight => "w = ∂J/∂log π",
            TokenColour.Objective => "before aggregation",
            TokenColour.LogProb => "log π in nats",
            TokenColour.Probability => "π",
            TokenColour.Ratio => "π/π_old",
            TokenColour.Advantage => "A",
            TokenColour.Kl => "nats, against the reference",
            TokenColour.Entropy => "nats",
            _ => "V",
        };

    /// <summary>What the two ends of the colour scale do.</summary>
    public (string Low, string High) Words =>
        Colour switch
        {
            TokenColour.Weight => ("▼ made less likely", "▲ made more likely"),
            TokenColour.Ratio => ("▼ less likely than when sampled", "▲ more likely"),
            TokenColour.Objective or TokenColour.Value => ("▼ negative", "▲ positive"),
            TokenColour.Advantage => ("▼ worse than expected", "▲ better than expected"),
            TokenColour.LogProb => ("certain", "surprising"),
            TokenColour.Probability => ("surprising", "certain"),
            TokenColour.Entropy => ("decided", "undecided"),
            _ => ("none", "far"),
        };

    /// <summary>The column of numbers behind a colour; null when the batch does not hold it.</summary>
    public static TokenColumn? Column(TokenColour colour, RolloutBatch batch, TokenReport? report) =>
        Known(
            colour switch
            {
                TokenColour.Weight => report?.Weight,
                TokenColour.Objective => report?.TokenObjective,
                TokenColour.LogProb => batch.LogProbs,
                TokenColour.Probability => Map(batch.LogProbs, Math.Exp),
                TokenColour.Ratio => report?.Ratio ?? Map(batch.LogProbs, batch.OldLogProbs, (now, old) => Math.Exp(now - old)),
                TokenColour.Advantage => report?.Advantage,
                TokenColour.Kl => report?.Kl
                    ?? (
                        batch.ReferenceLogProbs is { } reference
                            ? Map(batch.LogProbs, reference, (now, then) => Math.Exp(then - now) - (then - now) - 1)
                            : null
                    ), // k3: never negative
                TokenColour.Entropy => batch.Entropies,
                TokenColour.Value => batch.Values ?? batch.OldValues,
                _ => throw new ArgumentOutOfRangeException(
                    nameof(colour),
                    colour,
                    $"There is no token colour {colour}; there are {string.Join(", ", Enum.GetNames<TokenColour>())}."
                ),
            }
        );

    // Another program's log may lack a column that a report must have; it is there, and not one number in it.
    private static TokenColumn? Known(TokenColumn? column)
    {
        if (column is null || column.Values.IsEmpty)
            return column;
        foreach (var value in column.Values)
            if (double.IsFinite(value))
                return column;
        return null;
    }

    private double Largest(TokenColumn? column)
    {
        var largest = 0.0;
        if (column is null)
            return largest;
        foreach (var value in column.Values)
        {
            var size = Math.Abs(Signed(Colour, value));
            if (double.IsFinite(size) && size > largest)
                largest = size;
        }
        return largest;
    }

    private static double Signed(TokenColour colour, double value) => colour == TokenColour.Ratio ? Math.Log(value) : value;

    private static TokenColumn Map(TokenColumn column, Func<double, double> f) =>
        new(column.Layout, [.. column.Values.ToArray().Select(f)]);

    private static TokenColumn Map(TokenColumn a, TokenColumn b, Func<double, double, double> f) =>
        new(a.Layout, [.. a.Values.ToArray().Zip(b.Values.ToArray(), f)]);
}
