using UniPo.Formulas;

namespace UniPo;

/// <summary>
/// Making given responses likelier: supervised fine-tuning, and rejection sampling, which imitates the policy's own best.
/// </summary>
/// <remarks>
/// <code>J = Σ_{i chosen} Σ_t factor_i · log π_θ(token_it)</code>
/// It is the policy objective with A = 1 for chosen responses; the others are masked, so that they leave the denominators, too.
/// </remarks>
public sealed partial record ImitationObjective : Objective
{
    /// <summary>Which responses are imitated. Default: all.</summary>
    public ResponseSelection Selection { get; init; } = ResponseSelection.Every;

    /// <summary>How tokens of long and short responses share the update. Default: mean over all tokens.</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.TokenMean;

    /// <inheritdoc/>
    public override CreditedBatch Credit(RolloutBatch batch)
    {
        RolloutChecks.Verify(batch);
        RolloutChecks.VerifyCurrent(batch); // here, because responses that are not chosen are masked below
        var layout = batch.Layout;
        var chosen = Selection.Of(batch);
        var masked = chosen.Contains(false) ? batch with { Layout = layout.WithMask(MaskOf(layout, chosen)) } : batch;
        return new CreditedBatch { Batch = masked, Totals = BatchTotals.Of(masked) };
    }

    private static bool[] MaskOf(TokenLayout layout, bool[] chosen)
    {
        var mask = new bool[layout.Tokens];
        for (var row = 0; row < chosen.Length; row++)
        {
            if (!chosen[row])
                continue;
            var (from, to) = (layout.RowStarts[row], layout.RowStarts[row + 1]);
            if (layout.RowMask(row) is { IsEmpty: false } own)
                own.CopyTo(mask.AsSpan(from));
            else
                mask.AsSpan(from, to - from).Fill(true);
        }
        return mask;
    }

    /// <inheritdoc/>
    public override TokenReport Evaluate(CreditedBatch batch)
    {
        RolloutChecks.VerifyCurrent(batch.Batch);
        var layout = batch.Batch.Layout;
        var program = _program.Get(this, Compile);
        var weights = new double[layout.Tokens];
        var terms = Terms(batch.Batch);
        var tally = new SummaryTally(layout);
        using var frame = new Frame(program, new FormulaInputs { Batch = batch.Batch, Totals = batch.Totals });
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
        var column = TokenColumn.SharedWherePossible(layout, weights); // a term's slope is 1, so its factor is its weight
        return new TokenReport
        {
            Objective = this,
            Batch = batch.Batch,
            Weight = column,
            TokenObjective = terms,
            AggregationWeight = column,
            Totals = batch.Totals,
            Summary = tally.Summary(frame.All(program.Root)[0]),
        };
    }

    private Remembered<FormulaProgram> _program;

    private FormulaProgram Compile() =>
        FormulaProgram.Compile(
            new FormulaShape { Moving = new HashSet<Quantity> { Quantities.LogProb } },
            Formula.Objective,
            [("log π", Quantities.LogProb)]
        );

    // A token's term is its log-probability: the batch's own column, unless some of its tokens do not count.
    private static TokenColumn Terms(RolloutBatch batch)
    {
        if (batch.Layout.Mask.IsEmpty)
            return batch.LogProbs;
        var terms = batch.LogProbs.Values.ToArray();
        Masked.Clear(batch.Layout, terms);
        return new TokenColumn(batch.Layout, terms);
    }

    /// <summary>The same objective with other parts, for languages without <c>with</c> expressions; what is left out stays.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="selection">Which responses are imitated.</param>
    /// <param name="aggregation">How tokens of long and short responses share the update.</param>
    /// <param name="sampling">How responses are sampled and how often they are used.</param>
    public ImitationObjective With(
        string? name = null,
        ResponseSelection? selection = null,
        Aggregation? aggregation = null,
        SamplingPlan? sampling = null
    ) =>
        this with
        {
            Name = name ?? Name,
            Selection = selection ?? Selection,
            Aggregation = aggregation ?? Aggregation,
            Sampling = sampling ?? Sampling,
        };
}
