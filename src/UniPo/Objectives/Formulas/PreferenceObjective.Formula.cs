namespace UniPo;

public sealed partial record PreferenceObjective
{
    /// <inheritdoc/>
    public override Formula Formula => Formula.Unknown(Name);

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectivePart> Parts =>
    [
        new("pairs", "Which responses are set against each other?", Pairs.InWords),
        new("loss", "What does a pair cost?", Loss.InWords),
    ];
}
