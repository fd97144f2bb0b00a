using System.Numerics;
using System.Runtime.InteropServices;

namespace UniPo;

/// <summary>All parameters of a policy in one flat array, and their gradient beside them.</summary>
/// <remarks>One array makes the optimiser, the gradient norm and a copy of the policy one loop each.</remarks>
public sealed class ParameterSet
{
    private float[]? _gradient;

    /// <summary>Zeroed parameters for the given tensors.</summary>
    /// <param name="shapes">Name and shape of each tensor, in storage order.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or there are more elements than one array can hold.</exception>
    public ParameterSet(IEnumerable<(string Name, int[] Shape)> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        var tensors = new List<ParameterTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var offset = 0L;
        foreach (var (name, shape) in shapes)
        {
            if (!names.Add(name))
                throw new ArgumentException($"The tensor '{name}' is listed twice; every tensor needs a name of its own.");
            var length = shape.Aggregate(1.0, (a, b) => a * b);
            if (shape.Any(d => d < 1) || offset + length > Array.MaxLength)
                throw new ArgumentException(
                    $"The tensor '{name}' of shape [{string.Join(", ", shape)}] does not fit: dimensions must be at least 1, and all parameters together at most {Array.MaxLength}."
                );
            tensors.Add(new ParameterTensor(name, shape, (int)offset));
            offset += tensors[^1].Length;
        }
        Tensors = tensors;
        Values = new float[offset];
    }

    /// <summary>The tensors, in storage order.</summary>
    public IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>[N] all parameters.</summary>
    public float[] Values { get; }

    /// <summary>[N] gradient of the objective (ascent direction), accumulated by backward passes.</summary>
    /// <remarks>It takes memory when it is first asked for: a policy that only scores never does.</remarks>
    public float[] Gradient => _gradient ?? Allocated();

    /// <summary>True once somebody asked for the gradient.</summary>
    public bool HasGradient => _gradient is not null;

    /// <summary>Number of parameters N.</summary>
    public int Count => Values.Length;

    /// <summary>The tensor with this name.</summary>
    /// <exception cref="ArgumentException">No tensor has the name.</exception>
    public ParameterTensor Find(string name) =>
        Tensors.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException(
            $"There is no tensor '{name}'; there are {Examples.Of(Tensors.Select(t => t.Name), Tensors.Count)}."
        );

    /// <summary>The parameters of one tensor.</summary>
    public Span<float> this[ParameterTensor tensor] => Values.AsSpan(tensor.Offset, tensor.Length);

    /// <summary>The gradient of one tensor.</summary>
    public Span<float> GradientOf(ParameterTensor tensor) => Gradient.AsSpan(tensor.Offset, tensor.Length);

    /// <summary>Reads every tensor from a file that may hold more. Nothing is changed when one does not fit.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, has another shape, or is not finite.</exception>
    internal void ReadFrom(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        foreach (var tensor in Tensors)
            if (FirstNotFinite(file.Read(tensor.Name, tensor.Shape)) is var at and >= 0)
                throw new InvalidDataException(
                    FormattableString.Invariant(
                        $"{file.Origin}: element {at} of tensor '{tensor.Name}' is {file[tensor.Name][at]}; weights must be finite."
                    )
                );
        foreach (var tensor in Tensors)
            file.Read(tensor.Name, tensor.Shape).CopyTo(this[tensor]);
    }

    /// <summary>
    /// Refuses parameters that are not finite. A NaN does not always show in what a model computes: a softmax can hide it.
    /// </summary>
    /// <exception cref="NotFiniteNumberException">A parameter is NaN or infinite; the message names its tensor.</exception>
    internal void RequireFinite()
    {
        var at = FirstNotFinite(Values);
        if (at >= 0)
            throw NotFinite(at);
    }

    private NotFiniteNumberException NotFinite(int at)
    {
        var tensor = Tensors.First(t => at < t.Offset + t.Length);
        return new NotFiniteNumberException(
            FormattableString.Invariant(
                $"the policy's parameters are not finite: element {at - tensor.Offset} of tensor '{tensor.Name}' is {Values[at]}"
            ),
            Values[at]
        );
    }

    // Several threads of a backward pass may ask first at the same time: all must get the same array.
    private float[] Allocated() => Interlocked.CompareExchange(ref _gradient, new float[Values.Length], null) ?? _gradient;

    /// <summary>Index of the first number that is NaN or infinite, −1 when there is none.</summary>
    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        // x · 0 is 0 for every finite x, and NaN for all others: one sum tells whether it is worth looking closer.
        var sum = Vector<float>.Zero;
        foreach (var lanes in MemoryMarshal.Cast<float, Vector<float>>(values))
            sum += lanes * 0f;
        var rest = Vector.Sum(sum);
        for (var i = values.Length - (values.Length % Vector<float>.Count); i < values.Length; i++)
            rest += values[i] * 0f;
        if (rest == 0)
            return -1;
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return i;
        return -1;
    }
}
