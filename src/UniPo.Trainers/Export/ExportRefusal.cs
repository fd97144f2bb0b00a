namespace UniPo;

/// <summary>A part of an objective that a trainer cannot compute.</summary>
/// <param name="Part">The part's name, as in <see cref="ObjectivePart.Name"/>.</param>
/// <param name="Reason">Why not, and what would be possible instead.</param>
public sealed record ExportRefusal(string Part, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Part}: {Reason}";
}

/// <summary>Something a trainer does a little differently, or a trap in its settings.</summary>
/// <param name="Part">The part it concerns, as in <see cref="ObjectivePart.Name"/>.</param>
/// <param name="Text">What to know.</param>
public sealed record ExportWarning(string Part, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Part}: {Text}";
}
