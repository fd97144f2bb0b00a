namespace UniPo.Engine;

/// <summary>Who may use a <see cref="ReusedBuffer"/>.</summary>
internal interface IBufferUser
{
    /// <summary>True while what it wrote must stay.</summary>
    bool NeedsBuffer { get; }
}

/// <summary>
/// A large buffer that a rollout's key-value cache and a recorded forward pass use in turn: in training they are never needed at
/// once, and each is a large part of the memory.
/// </summary>
internal sealed class ReusedBuffer
{
    private readonly FloatBuffer _floats = new(unmanaged: true);
    private IBufferUser? _user;

    /// <summary>Hands the buffer over, unless another user still needs it.</summary>
    /// <param name="user">Who wants it.</param>
    /// <returns>The buffer, with any contents; null when the user must do with a buffer of its own.</returns>
    public FloatBuffer? Take(IBufferUser user)
    {
        if (_user != user && _user is { NeedsBuffer: true })
            return null;
        _user = user;
        return _floats;
    }

    /// <summary>False once somebody else has taken the buffer.</summary>
    public bool IsUsedBy(IBufferUser user) => _user == user;
}
