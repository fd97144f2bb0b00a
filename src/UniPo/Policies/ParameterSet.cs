namespace UniPo;

/// <summary>A named block of a <see cref="ParameterSet"/>.</summary>
/// <param name="Name">Name in the Hugging Face Llama layout, for instance <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Offset">Index of its first element in the flat arrays.</param>
public sealed record ParameterTensor(string Name, IReadOnlyList<int> Shape, int Offset)
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = Shape.Aggregate(1, (a, b) => a * b);
}

/// <summary>All parameters of a policy in one flat array, and their gradient beside them.</summary>
/// <remarks>One array makes the optimiser, the gradient norm and a copy of the policy one loop each.</remarks>
public sealed class ParameterSet
{
    /// <summary>Zeroed parameters for the given tensors.</summary>
    /// <param name="shapes">Name and shape of each tensor, in storage order.</param>
    public ParameterSet(IEnumerable<(string Name, int[] Shape)> shapes)
    {
        var tensors = new List<ParameterTensor>();
        var offset = 0;
        foreach (var (name, shape) in shapes)
        {
            tensors.Add(new ParameterTensor(name, shape, offset));
            offset += tensors[^1].Length;
        }
        Tensors = tensors;
        Values = new float[offset];
        Gradient = new float[offset];
    }

    /// <summary>The tensors, in storage order.</summary>
    public IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>[N] all parameters.</summary>
    public float[] Values { get; }

    /// <summary>[N] gradient of the objective (ascent direction), accumulated by backward passes.</summary>
    public float[] Gradient { get; }

    /// <summary>Number of parameters N.</summary>
    public int Count => Values.Length;

    /// <summary>
    /// Steps that trainers took on these parameters since they were made, loaded or copied: a second trainer can tell that it does
    /// not start from a base model.
    /// </summary>
    internal int TrainedSteps { get; set; }

    /// <summary>The tensor with this name.</summary>
    /// <exception cref="ArgumentException">No tensor has the name.</exception>
    public ParameterTensor Find(string name) =>
        Tensors.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException(
            $"There is no tensor '{name}'; there are {string.Join(", ", Tensors.Select(t => t.Name))}."
        );

    /// <summary>The parameters of one tensor.</summary>
    public Span<float> this[ParameterTensor tensor] => Values.AsSpan(tensor.Offset, tensor.Length);

    /// <summary>The gradient of one tensor.</summary>
    public Span<float> GradientOf(ParameterTensor tensor) => Gradient.AsSpan(tensor.Offset, tensor.Length);
}
