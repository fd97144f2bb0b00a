namespace UniPo;

/// <summary>A named block of a <see cref="ParameterSet"/>.</summary>
/// <param name="Name">Name in the Hugging Face Llama layout, for instance <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Offset">Index of its first element in the flat arrays.</param>
public sealed record ParameterTensor(string Name, IReadOnlyList<int> Shape, int Offset)
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = Shape.Aggregate(1, (a, b) => checked(a * b));
}
