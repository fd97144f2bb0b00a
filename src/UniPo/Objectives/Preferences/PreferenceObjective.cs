using UniPo.Formulas;

namespace UniPo;

/// <summary>
/// Learning from pairs: the better of two responses to a prompt shall become likelier than the worse, measured from the
/// reference.
/// </summary>
/// <remarks>
/// <code>J = −1/P Σ_pairs loss(a, b)        a = Σ_t (log π_θ − log π_ref) of the chosen response, b = of the rejected one</code>
/// All tokens of a response get the same weight; there are no advantages, ratios or clips, so those columns of a report are null.
/// </remarks>
public sealed partial record PreferenceObjective : Objective
{
    /// <summary>What a pair costs.</summary>
    public required PreferenceLoss Loss { get; init; }

    /// <summary>Which responses are set against each other. Default: the best against the worst of each group.</summary>
    public PairSelection Pairs { get; init; } = PairSelection.BestAgainstWorst;

    /// <summary>
    /// True to measure from a reference that finds all responses equally likely, so that none is needed. Default false.
    /// </summary>
    public bool WithoutReference { get; init; }

    /// <inheritdoc/>
    public override CreditedBatch Credit(RolloutBatch batch)
    {
        RolloutChecks.Verify(batch);
        return new CreditedBatch { Batch = batch, Totals = BatchTotals.Of(batch) with { Pairs = Pairs.Of(batch).Count } };
    }

    /// <inheritdoc/>
    public override TokenReport Evaluate(CreditedBatch batch)
    {
        RolloutChecks.VerifyCurrent(batch.Batch);
        var layout = batch.Batch.Layout;
        var pairs = Pairs.Of(batch.Batch);
        if (!WithoutReference)
            RolloutChecks.ReferenceForPairs(batch.Batch);
        var program = _program.Get(this, Compile);
        var weights = new double[layout.Tokens];
        var tally = new SummaryTally(layout);
        using var frame = new Frame(
            program,
            new FormulaInputs
            {
                Batch = batch.Batch,
                Totals = batch.Totals,
                Pairs = pairs,
            }
        );
        frame.KeepSlopes(program.Named["log π"], weights);
        program.Run(
            frame,
            row =>
            {
                var tokens = weights.AsSpan(layout.RowStarts[row], layout.Length(row));
                Masked.Clear(layout.RowMask(row), tokens);
                tally.AddDistance(row, batch.Batch);
                tally.AddWeights(row, tokens);
            }
        );
        var objective = frame.All(program.Root)[0];
        if (!double.IsFinite(objective))
            throw new ArithmeticException(
                FormattableString.Invariant(
                    $"The objective of {Name} came out as {objective}; log-probabilities must be finite and of reasonable size."
                )
            );
        return new TokenReport
        {
            Objective = this,
            Batch = batch.Batch,
            Weight = TokenColumn.SharedWherePossible(layout, weights),
            Totals = batch.Totals,
            Summary = tally.Summary(objective) with { SilentGroups = SilentGroups(layout, pairs) },
        };
    }

    private Remembered<FormulaProgram> _program;

    private FormulaProgram Compile() =>
        FormulaProgram.Compile(
            new FormulaShape { Moving = new HashSet<Quantity> { Quantities.LogProb } },
            Formula.Objective,
            [("log π", Quantities.LogProb)]
        );

    /// <summary>[B] log π_θ/π_ref of each response, in nats; divided by its length when the loss says so.</summary>
    public double[] LogRatios(RolloutBatch batch)
    {
        var layout = batch.Layout;
        ReadOnlySpan<double> now = batch.LogProbs.Values,
            reference = WithoutReference ? default : RolloutChecks.ReferenceForPairs(batch).Values;
        var moved = new double[layout.Responses];
        for (var row = 0; row < moved.Length; row++)
        {
            moved[row] = Masked.Sum(layout, now, layout.RowStarts[row], layout.RowStarts[row + 1]);
            if (!WithoutReference)
                moved[row] -= Masked.Sum(layout, reference, layout.RowStarts[row], layout.RowStarts[row + 1]);
            moved[row] /= Divisor(layout, row);
        }
        return moved;
    }

    /// <summary>What a response's log-ratio is divided by: its number of tokens when the loss says so.</summary>
    internal int Divisor(TokenLayout layout, int row) => Loss.PerToken ? Math.Max(layout.ActiveInRow[row], 1) : 1;

    private static double SilentGroups(TokenLayout layout, IReadOnlyList<ResponsePair> pairs)
    {
        var heard = pairs.Select(p => layout.GroupOf[p.Chosen]).Distinct().Count();
        return 1 - (double)heard / layout.Groups;
    }

    /// <summary>The same objective with other parts, for languages without <c>with</c> expressions; what is left out stays.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="loss">What a pair costs.</param>
    /// <param name="pairs">Which responses are set against each other.</param>
    /// <param name="withoutReference">True to measure from a reference that finds all responses equally likely.</param>
    /// <param name="sampling">How responses are sampled and how often they are used.</param>
    public PreferenceObjective With(
        string? name = null,
        PreferenceLoss? loss = null,
        PairSelection? pairs = null,
        bool? withoutReference = null,
        SamplingPlan? sampling = null
    ) =>
        this with
        {
            Name = name ?? Name,
            Loss = loss ?? Loss,
            Pairs = pairs ?? Pairs,
            WithoutReference = withoutReference ?? WithoutReference,
            Sampling = sampling ?? Sampling,
        };
}
