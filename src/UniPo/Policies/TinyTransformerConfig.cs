namespace UniPo;

/// <summary>The shape of a <see cref="TinyTransformer"/>. Its vocabulary comes with the <see cref="Vocabulary"/>.</summary>
/// <remarks>Defaults give about 105,000 parameters: a model that learns to add in seconds.</remarks>
public sealed record TinyTransformerConfig
{
    /// <summary>Number of blocks (attention and gated unit), at least 1.</summary>
    public int Layers
    {
        get;
        init => field = AtLeast(value, 1, nameof(Layers));
    } = 2;

    /// <summary>Width of the residual stream, at least 2; a multiple of 2 · <see cref="Heads"/>.</summary>
    public int Width
    {
        get;
        init => field = AtLeast(value, 2, nameof(Width));
    } = 64;

    /// <summary>Attention heads, at least 1.</summary>
    public int Heads
    {
        get;
        init => field = AtLeast(value, 1, nameof(Heads));
    } = 4;

    /// <summary>Width of the gated unit (SwiGLU), at least 1; about 8/3 of <see cref="Width"/> is usual.</summary>
    public int Hidden
    {
        get;
        init => field = AtLeast(value, 1, nameof(Hidden));
    } = 176;

    /// <summary>Longest prompt with response, in tokens; at least 2.</summary>
    public int ContextLength
    {
        get;
        init => field = AtLeast(value, 2, nameof(ContextLength));
    } = 64;

    /// <summary>True when the output layer uses the embedding's matrix instead of its own.</summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>True adds a value estimate for every position (the critic of PPO).</summary>
    public bool ValueHead { get; init; }

    /// <summary>Base of the rotary frequencies, &gt; 1.</summary>
    public double RopeTheta
    {
        get;
        init =>
            field =
                value > 1 && double.IsFinite(value)
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(RopeTheta),
                        FormattableString.Invariant($"RopeTheta must be a finite number above 1, but was {value}.")
                    );
    } = 10_000;

    /// <summary>Added to the mean square before the root in RMSNorm, &gt; 0.</summary>
    public double NormEpsilon
    {
        get;
        init =>
            field = value is > 0 and < 1
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(NormEpsilon),
                    FormattableString.Invariant($"NormEpsilon must lie in (0, 1), but was {value}.")
                );
    } = 1e-5;

    /// <summary>Checks what concerns several properties at once.</summary>
    /// <exception cref="ArgumentException">Width is no multiple of 2 · Heads.</exception>
    internal TinyTransformerConfig Validated() =>
        Width % (2L * Heads) == 0
            ? this
            : throw new ArgumentException(
                $"Width must be a multiple of 2 · Heads, so that every head has an even size for its rotary pairs, but Width is {Width} and Heads is {Heads}."
            );

    private static int AtLeast(int value, int least, string name) =>
        value >= least
            ? value
            : throw new ArgumentOutOfRangeException(name, $"{name} must be at least {least}, but was {value}.");
}
