namespace UniPo.Interactive;

/// <summary>From plain data to its picture: <c>batch.Tokens()</c>, <c>run.Curves()</c>.</summary>
public static class ViewExtensions
{
    /// <summary>The responses of a batch, token by token, coloured by probability, with their rewards.</summary>
    public static TokenTable Tokens(this RolloutBatch batch) => new(batch) { Colour = TokenColour.Probability };

    /// <summary>The responses of a batch, coloured by any column the batch holds.</summary>
    public static TokenTable Tokens(this RolloutBatch batch, TokenColour colour) => new(batch) { Colour = colour };

    /// <summary>The weight of every token, or another column of the report.</summary>
    public static TokenTable Tokens(this TokenReport report, TokenColour colour = TokenColour.Weight) =>
        new(report) { Colour = colour };

    /// <summary>The learning curves of a run.</summary>
    public static LearningCurves Curves(this TrainingRun run) => new([run]);

    /// <summary>The learning curves of several runs in the same panels; runs of one algorithm are taken as its seeds.</summary>
    public static LearningCurves Curves(this IEnumerable<TrainingRun> runs) => new([.. runs]);

    /// <summary>Overview, step inspector and formula of a run, connected.</summary>
    public static Explorer Explore(this TrainingRun run) => new(run);

    /// <summary>The objective on a card: formula, parts, settings, source.</summary>
    public static FormulaCard Card(this Objective objective) => new(objective);

    /// <summary>
    /// The objective's term against the ratio for both signs of the advantage, with the batch's tokens as dots.
    /// </summary>
    public static ClipPlot ClipPlot(this TokenReport report) => new(report);

    /// <summary>The term against the ratio for both signs of the advantage, and where it is flat.</summary>
    public static ClipPlot Plot(this TrustRegion region) => new(region);

    /// <summary>How ratios, advantages, KL and lengths are spread over the batch.</summary>
    public static Distributions Distributions(this TokenReport report) => new(report);

    /// <summary>The same responses under several objectives, token by token.</summary>
    public static ComparedTokens SideBySide(this IEnumerable<TokenReport> reports) => new([.. reports]);

    /// <summary>
    /// Curves with intervals, and a ranking that says which differences are real; runs of one setting are its seeds.
    /// </summary>
    public static ComparedRuns Ranking(this IEnumerable<TrainingRun> runs) => new([.. runs]);

    /// <summary>The same of a comparison that was trained; runs that failed are named.</summary>
    public static ComparedRuns Ranking(this Comparison comparison) => new(comparison);

    /// <summary>The settings as knobs: what would the weights have been, and under which other objective?</summary>
    /// <param name="report">The weights as they are.</param>
    /// <param name="others">Other objectives to put in its place on the same rollouts.</param>
    public static WhatIf WhatIf(this TokenReport report, params Objective[] others) => new(report) { Others = others };

    /// <summary>
    /// One prompt and its group of answers over a training: a scrubber, and bars of probability in the colours of push.
    /// </summary>
    /// <param name="run">A run that keeps tokens; best the group of <see cref="TrainerExtensions.Follow"/>.</param>
    public static Moment Moment(this TrainingRun run) => new(run);

    /// <summary>The metrics of a run as rings around a clock of its steps.</summary>
    public static RadialOverview Radial(this TrainingRun run) => new(run);

    /// <summary>Rows computed in a cell as a plain table: one column for each property.</summary>
    /// <typeparam name="T">Any record; an anonymous type will do.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="caption">What the table shows.</param>
    /// <example><code>runs.Select(r => new { r.Header.Algorithm, gain = r.Gain }).Table("Gain of each algorithm")</code></example>
    public static RecordTable Table<T>(this IEnumerable<T> rows, string caption)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentException.ThrowIfNullOrWhiteSpace(caption);
        return RecordTable.OfRows(rows.Cast<object?>()) with { Caption = caption, Numbered = false };
    }

    /// <summary>The view of any record of the library, or of a list of them: curves, a token table or a plain table.</summary>
    public static View Show(this object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Hosts.Show.ViewOf(value) ?? RecordTable.Of(value);
    }
}
