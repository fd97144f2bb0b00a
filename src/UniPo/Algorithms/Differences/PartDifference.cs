namespace UniPo;

/// <summary>One part of two objectives side by side.</summary>
/// <param name="Name">The part's name: <c>advantage</c>, <c>ratio</c>, <c>trust region</c>, …</param>
/// <param name="First">The first objective's part; null where it has none.</param>
/// <param name="Second">The second objective's part; null where it has none.</param>
public sealed record PartDifference(string Name, ObjectivePart? First, ObjectivePart? Second)
{
    /// <summary>The question both answer.</summary>
    public string Question => (First ?? Second)!.Question;

    /// <summary>True when the answers differ.</summary>
    public bool Differs => First?.InWords != Second?.InWords || Line is { DiffersInItself: true };

    /// <summary>The part's share of both formulas, differences marked; null when it is only said in words.</summary>
    public LineDifference? Line { get; } = LineDifference.Of(First?.Line, Second?.Line);

    /// <summary>The first answer in words; <c>—</c> where the objective has no such part.</summary>
    public string FirstInWords => First?.InWords ?? "—";

    /// <summary>The second answer in words; <c>—</c> where the objective has no such part.</summary>
    public string SecondInWords => Second?.InWords ?? "—";

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {FirstInWords} → {SecondInWords}";
}
