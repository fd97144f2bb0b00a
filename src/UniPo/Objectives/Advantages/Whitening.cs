using UniPo.Numerics;

namespace UniPo;

/// <summary>A ← (A − mean) / sqrt(variance + ε) over all active tokens of the batch: long responses count more.</summary>
/// <remarks>
/// Hu 2025, "REINFORCE++"; verl <c>masked_whiten</c> divides the variance by n − 1 and adds ε; OpenRLHF divides by n and holds
/// the variance at ε or more.
/// </remarks>
public sealed record Whitening
{
    /// <summary>False to put the mean back after scaling. Default true.</summary>
    public bool ShiftMean { get; init; } = true;

    /// <summary>False to subtract the mean only (OpenRLHF <c>no_std_norm</c>). Default true.</summary>
    public bool DivideByStd { get; init; } = true;

    /// <summary>Subtracted from the number of tokens in the divisor of the variance: 1 or 0. Default 1.</summary>
    public int Ddof
    {
        get;
        init => field = Require.That(value, value is 0 or 1, "Whitening.Ddof", "be 0 or 1");
    } = 1;

    /// <summary>ε, in squared units of reward; at least 0. Default 1e-8.</summary>
    public double Epsilon
    {
        get;
        init => field = Require.NotNegative(value, "Whitening.Epsilon");
    } = 1e-8;

    /// <summary>True to use max(variance, ε) instead of variance + ε. Default false.</summary>
    public bool EpsilonIsFloor { get; init; }

    /// <summary>Added to the number of tokens when means are taken; at least 0. Default 0; verl adds 1e-8.</summary>
    public double CountEpsilon
    {
        get;
        init => field = Require.NotNegative(value, "Whitening.CountEpsilon");
    }

    /// <summary>The whitened numbers of the tokens that count, calculated from the formula; 0 on masked ones.</summary>
    /// <param name="layout">Which tokens count.</param>
    /// <param name="values">[ΣT] the numbers.</param>
    public double[] Apply(TokenLayout layout, double[] values)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var shape = new FormulaShape { Given = new Dictionary<Quantity, Level> { [Blanks.Advantage] = Level.Token } };
        var program = FormulaProgram.Compile(shape, Formula(Blanks.Advantage), []);
        using var frame = new Frame(
            program,
            new FormulaInputs
            {
                Layout = layout,
                Totals = BatchTotals.Of(layout),
                Columns = new Dictionary<object, TokenColumn> { [Blanks.Advantage] = new TokenColumn(layout, values) },
            }
        );
        var whitened = new double[layout.Tokens];
        frame.Keep(program.Root, whitened);
        program.Run(frame, backwards: false);
        Masked.Clear(layout, whitened);
        return whitened;
    }

    /// <summary>The whitened numbers in symbols.</summary>
    internal Expression Formula(Expression raw)
    {
        var count = Expression.Sum(Over.Responses, Quantities.Length);
        if (CountEpsilon > 0)
            count += Expression.Setting("ε_n", CountEpsilon, "added to the number of tokens");
        var mean =
            CountEpsilon == 0
                ? Expression.Mean(Over.AllTokens, raw)
                : Expression.Define(new("μ"), Expression.Sum(Over.AllTokens, raw) / count, "mean over all tokens");
        var shifted = raw - mean;
        if (DivideByStd)
            shifted /= Expression.Sqrt(Floored(Variance(raw, mean, count)));
        return ShiftMean ? shifted : shifted + mean;
    }

    private Expression Variance(Expression raw, Expression mean, Expression count)
    {
        if (CountEpsilon == 0)
            return Expression.Power(Expression.Std(Over.AllTokens, raw, Ddof), 2);
        var variance = Expression.Sum(Over.AllTokens, Expression.Power(raw - mean, 2)) / count;
        var tokens = Expression.Sum(Over.Responses, Quantities.Length);
        return Expression.Define(new("v"), Ddof == 0 ? variance : variance * (tokens / (tokens - 1)), "variance over all tokens");
    }

    private Expression Floored(Expression variance)
    {
        if (Epsilon == 0)
            return variance;
        var epsilon = Expression.Setting("ε_w", Epsilon, "keeps the division finite");
        return EpsilonIsFloor ? Expression.Max(variance, epsilon) : variance + epsilon;
    }

    /// <summary>True when it does nothing but what everyone expects, in words.</summary>
    internal string InWords =>
        !DivideByStd ? "mean over all tokens subtracted"
        : ShiftMean ? "whitened over all tokens"
        : "divided by the spread over all tokens";

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(Whitening), PrintMembers);
}
