namespace UniPo.Formulas;

/// <summary>Something computed once for an object and kept in it.</summary>
/// <remarks>
/// A record copies its fields with <c>with</c>, so the value remembers for whom it was made: a changed copy computes its own. It
/// takes no part in equality.
/// </remarks>
internal struct Remembered<T>
    where T : class
{
    private Entry? _entry;

    /// <summary>The value; computed when it was made for another owner.</summary>
    public T Get(object owner, Func<T> make)
    {
        // One reference is read and written at a time, so two threads at worst compute the same value twice.
        if (_entry is { } known && ReferenceEquals(known.Owner, owner))
            return known.Value;
        var entry = new Entry(owner, make());
        _entry = entry;
        return entry.Value;
    }

    /// <summary>Always true.</summary>
    public override readonly bool Equals(object? other) => other is Remembered<T>;

    /// <inheritdoc/>
    public override readonly int GetHashCode() => 0;

    private sealed record Entry(object Owner, T Value);
}
