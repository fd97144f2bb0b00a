namespace UniPo.Engine;

/// <summary>Notices when two threads use at once what serves one at a time, as a list notices a change during enumeration.</summary>
/// <param name="what">What messages call it.</param>
internal sealed class SingleUse(string what)
{
    private int _busy;

    /// <summary>Begins a use; disposing ends it.</summary>
    /// <exception cref="InvalidOperationException">Another use has not ended.</exception>
    public Use Begin() =>
        Interlocked.Exchange(ref _busy, 1) == 0
            ? new Use(this)
            : throw new InvalidOperationException(
                $"This {what} is being used by another thread. It serves one thread at a time: give each thread a Clone() of its own."
            );

    /// <summary>One use.</summary>
    public readonly ref struct Use(SingleUse owner)
    {
        public void Dispose() => Volatile.Write(ref owner._busy, 0);
    }
}
