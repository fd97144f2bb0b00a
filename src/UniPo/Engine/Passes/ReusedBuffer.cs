namespace UniPo.Engine;

/// <summary>Who may hold a <see cref="ReusedBuffer"/>.</summary>
internal interface IBufferUser
{
    /// <summary>True while what the holder wrote must stay.</summary>
    bool NeedsBuffer { get; }
}

/// <summary>
/// A large buffer that a rollout's key-value cache and a recorded forward pass use in turn: in training they are never needed at
/// once, and each is a large part of the memory.
/// </summary>
internal sealed class ReusedBuffer
{
    private readonly FloatBuffer _floats = new(unmanaged: true);
    private IBufferUser? _holder;

    /// <summary>Hands the room over, unless another holder still needs it.</summary>
    /// <param name="holder">Who wants it.</param>
    /// <returns>The buffer, with any contents; null when the holder must do with one of its own.</returns>
    public FloatBuffer? Take(IBufferUser holder)
    {
        if (_holder != holder && _holder is { NeedsBuffer: true })
            return null;
        _holder = holder;
        return _floats;
    }

    /// <summary>False once somebody else has taken the room.</summary>
    public bool IsUsedBy(IBufferUser holder) => _holder == holder;
}
