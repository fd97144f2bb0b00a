namespace UniPo;

/// <summary>Making given responses likelier: supervised fine-tuning, and rejection sampling, which imitates the policy's own best.</summary>
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
        var mask = new bool[layout.Tokens];
        for (var i = 0; i < mask.Length; i++) mask[i] = layout.IsActive(i);
        for (var row = 0; row < layout.Responses; row++)
            if (!chosen[row]) mask.AsSpan(layout.RowStarts[row], layout.Length(row)).Clear();
        var masked = batch with { Layout = layout.WithMask(mask) };
        return new CreditedBatch { Batch = masked, Totals = BatchTotals.Of(masked) };
    }

    /// <inheritdoc/>
    public override TokenReport Evaluate(CreditedBatch batch)
    {
        RolloutChecks.VerifyCurrent(batch.Batch);
        var layout = batch.Batch.Layout;
        var (factors, terms) = (new double[layout.Tokens], batch.Batch.LogProbs.Values.ToArray());
        AggregationFactors.Fill(Aggregation, layout, batch.Totals, factors);
        Masked.Clear(layout, terms);
        var total = 0.0;
        for (var i = 0; i < terms.Length; i++) total += factors[i] * terms[i];
        return new TokenReport
        {
            Objective = this,
            Batch = batch.Batch,
            Weight = new TokenColumn(layout, [.. factors]),
            TokenObjective = new TokenColumn(layout, terms),
            AggregationWeight = new TokenColumn(layout, factors),
            Summary = ReportSummary.Of(batch.Batch, total, factors),
        };
    }
}
