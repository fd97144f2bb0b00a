using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>One or several weight matrices [outputs, inputs] that read the same input, laid out for the kernels.</summary>
/// <remarks>
/// Queries, keys and values are one product, so are gate and up. Every part is padded with zeros to whole lanes. Panels of 32
/// columns lie one after the other, so that a kernel streams through memory; there is one copy for each direction.
/// </remarks>
internal sealed unsafe class PackedMatrix
{
    private const int Panel = 32;
    private readonly ParameterTensor[] _parts;
    private readonly FloatBuffer _forward = new(),
        _backward = new();

    /// <param name="parts">Matrices [outputs, inputs] of the same inputs, one below the other.</param>
    /// <param name="gradientOffset">Where its sum lies in a <see cref="GradientSum"/>.</param>
    public PackedMatrix(ParameterTensor[] parts, int gradientOffset)
    {
        (_parts, GradientOffset) = (parts, gradientOffset);
        Inputs = parts[0].Shape[1];
        PaddedInputs = Padding.Up(Inputs);
        PaddedOutputs = parts.Sum(p => Padding.Up(p.Shape[0]));
    }

    /// <summary>Columns of the matrix.</summary>
    public int Inputs { get; }

    /// <summary>Floats from one row of inputs to the next.</summary>
    public int PaddedInputs { get; }

    /// <summary>Rows of all parts, each padded.</summary>
    public int PaddedOutputs { get; }

    /// <summary>Where its sum lies in a <see cref="GradientSum"/>.</summary>
    public int GradientOffset { get; }

    /// <summary>Floats of the padded gradient [outputs, inputs].</summary>
    public int GradientLength => PaddedOutputs * PaddedInputs;

    /// <summary>Copies the weights for products with inputs (y = x·Wᵀ): sixteen by sixteen, the rest one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackForward(ParameterSet parameters, Kernels kernels)
    {
        var target = _forward.Reserve((long)Inputs * ((PaddedOutputs + Panel - 1) / Panel * Panel));
        var first = 0;
        fixed (float* values = parameters.Values)
            foreach (var part in _parts)
            {
                var source = values + part.Offset;
                var (wholeRows, wholeColumns) = (part.Shape[0] & ~15, Inputs & ~15);
                for (var output = 0; output < part.Shape[0]; output++)
                {
                    var at = target + ((first + output) / Panel * (nint)Panel * Inputs) + ((first + output) % Panel);
                    var row = source + (output * (nint)Inputs);
                    if (output < wholeRows && output % 16 == 0)
                        for (var input = 0; input < wholeColumns; input += 16)
                            kernels.Transpose(row + input, Inputs, at + (input * Panel), Panel);
                    for (var input = output < wholeRows ? wholeColumns : 0; input < Inputs; input++)
                        at[input * (nint)Panel] = row[input];
                }
                first += Padding.Up(part.Shape[0]);
            }
    }

    /// <summary>Copies the weights for products with derivatives by outputs (dx = dy·W).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackBackward(ParameterSet parameters)
    {
        var target = _backward.Reserve((long)PaddedOutputs * ((PaddedInputs + Panel - 1) / Panel * Panel));
        var first = 0;
        foreach (var part in _parts)
        {
            var source = parameters[part];
            for (var output = 0; output < part.Shape[0]; output++)
            for (var input = 0; input < Inputs; input += Panel)
                source
                    .Slice((output * Inputs) + input, Math.Min(Panel, Inputs - input))
                    .CopyTo(new Span<float>(target + (input * (nint)PaddedOutputs) + ((first + output) * Panel), Panel));
            first += Padding.Up(part.Shape[0]);
        }
    }

    /// <summary>y = start + x·Wᵀ; without a start from zero. Rows of y and start are <see cref="PaddedOutputs"/> apart.</summary>
    public void Multiply(Kernels kernels, float* x, float* y, int rows, float* start = null) =>
        kernels.Multiply(
            new MatrixProduct
            {
                A = x,
                ARow = PaddedInputs,
                AStep = 1,
                B = _forward.Pointer,
                BStep = Panel,
                BPanel = Panel * Inputs,
                C = y,
                CRow = PaddedOutputs,
                Rows = rows,
                Columns = PaddedOutputs,
                Steps = Inputs,
                Start = start,
            }
        );

    /// <summary>dx = dy·W.</summary>
    public void MultiplyTransposed(Kernels kernels, float* dy, float* dx, int rows) =>
        kernels.Multiply(
            new MatrixProduct
            {
                A = dy,
                ARow = PaddedOutputs,
                AStep = 1,
                B = _backward.Pointer,
                BStep = Panel,
                BPanel = Panel * PaddedOutputs,
                C = dx,
                CRow = PaddedInputs,
                Rows = rows,
                Columns = PaddedInputs,
                Steps = PaddedOutputs,
            }
        );

    /// <summary>dW += dyᵀ·x, into the padded gradient.</summary>
    public void AddGradient(Kernels kernels, float* x, float* dy, float* gradient, int rows) =>
        kernels.Multiply(
            new MatrixProduct
            {
                A = dy,
                ARow = 1,
                AStep = PaddedOutputs,
                B = x,
                BStep = PaddedInputs,
                BPanel = Panel,
                C = gradient,
                CRow = PaddedInputs,
                Rows = PaddedOutputs,
                Columns = PaddedInputs,
                Steps = rows,
                Start = gradient,
            }
        );

    /// <summary>Adds the padded gradient to the parameters' gradient.</summary>
    public void AddTo(ParameterSet parameters, Kernels kernels, float* gradient)
    {
        foreach (var part in _parts)
        {
            fixed (float* target = parameters.GradientOf(part))
                for (var output = 0; output < part.Shape[0]; output++)
                    kernels.Add(gradient + (output * (nint)PaddedInputs), target + (output * (nint)Inputs), Inputs);
            gradient += Padding.Up(part.Shape[0]) * (nint)PaddedInputs;
        }
    }
}
