namespace UniPo;

/// <summary>What a check says whatever its outcome.</summary>
/// <param name="Question">The question.</param>
/// <param name="Threshold">From which number on it is a finding.</param>
/// <param name="Source">Where that comes from.</param>
/// <param name="Meaning">What a finding means.</param>
/// <param name="Try">What to try.</param>
/// <param name="Lesson">Where it is taught.</param>
internal sealed record CheckText(string Question, string Threshold, string Source, string Meaning, string Try, string Lesson)
{
    /// <summary>An answer.</summary>
    /// <param name="verdict">How it came out.</param>
    /// <param name="numbers">The numbers it rests on.</param>
    /// <param name="curve">The curve; null for none.</param>
    public DiagnosisCheck Says(Verdict verdict, string numbers, Series? curve = null) =>
        new()
        {
            Question = Question,
            Verdict = verdict,
            Numbers = numbers,
            Threshold = Threshold,
            Source = Source,
            Meaning = Meaning,
            Try = Try,
            Lesson = Lesson,
            Metric = curve?.Name ?? "",
            Steps = curve?.Steps ?? [],
            Curve = curve?.Values ?? [],
        };

    /// <summary>No answer, because numbers are missing.</summary>
    /// <param name="what">Names of the metrics that would be needed.</param>
    /// <param name="found">The curve, when there is one that is too short.</param>
    public DiagnosisCheck Missing(string what, Series? found = null) =>
        Says(
            Verdict.NotMeasured,
            found is null
                ? $"The log does not hold {what}."
                : FormattableString.Invariant(
                    $"The log holds {found.Values.Length} values of {found.Name}; {RunSeries.Fewest} are needed to speak of a trend."
                )
        );
}
