namespace UniPo.Engine;

/// <summary>
/// A configuration as the computation sees it: sizes, the distances between rows, and the table of rotary positions.
/// </summary>
internal sealed class TransformerShape(TinyTransformerConfig config, int vocabulary)
{
    public int Layers { get; } = config.Layers;

    public int Width { get; } = config.Width;

    public int Heads { get; } = config.Heads;

    public int HeadSize { get; } = config.Width / config.Heads;

    public int Vocabulary { get; } = vocabulary;

    public float Epsilon { get; } = (float)config.NormEpsilon;

    /// <summary>Floats from one row of the residual stream to the next.</summary>
    public int Stride { get; } = Padding.Up(config.Width);

    /// <summary>Floats of a row of the gated unit.</summary>
    public int HiddenStride { get; } = Padding.Up(config.Hidden);

    /// <summary>Floats of a row of logits.</summary>
    public int LogitStride { get; } = Padding.Up(vocabulary);

    public RotaryTable Rotary { get; } = new(config.Width / config.Heads, config.ContextLength, config.RopeTheta);
}
