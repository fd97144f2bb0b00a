namespace UniPo;

/// <summary>A trainer cannot compute this objective; <see cref="Refusals"/> says which parts and why.</summary>
public sealed class ExportRefusedException : NotSupportedException
{
    internal ExportRefusedException(Objective objective, Framework framework, IReadOnlyList<ExportRefusal> refusals)
        : base(
            $"{ExportText.Name(framework)} cannot compute {objective.Name}. "
                + string.Join(" ", refusals.Select(r => $"{r.Part}: {r.Reason}"))
        ) => (Objective, Framework, Refusals) = (objective, framework, refusals);

    /// <summary>The objective that was to be exported.</summary>
    public Objective Objective { get; }

    /// <summary>The trainer.</summary>
    public Framework Framework { get; }

    /// <summary>The parts it cannot compute, with the reason.</summary>
    public IReadOnlyList<ExportRefusal> Refusals { get; }
}
