using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace UniPo.Torch;

/// <summary>The trainable tensors of a module as one <see cref="ParameterSet"/>, which UniPo's optimiser moves.</summary>
/// <remarks>
/// In main memory the module's tensors are laid over the arrays of the set: the optimiser moves the weights in place, backward
/// passes add into the gradient, and nothing is copied. On another device the arrays are copied there and back.
/// </remarks>
internal sealed class ParameterBinding : IDisposable
{
    private readonly List<(Parameter Parameter, ParameterTensor Place)> _bound;
    private readonly bool _shares;
    private readonly Tensor _values;
    private Tensor? _gradient;

    /// <summary>Binds parameters; the set begins with their present values.</summary>
    /// <param name="trainable">Name and tensor of each, in single precision, on one device.</param>
    /// <param name="copies">True copies even in main memory, as on another device.</param>
    /// <exception cref="ArgumentException">There are none, or one has another type than Float32.</exception>
    public ParameterBinding(IReadOnlyList<(string Name, Parameter Parameter)> trainable, bool copies)
    {
        if (trainable.Count == 0)
            throw new ArgumentException("The model has no trainable parameters; at least one must have requires_grad set.");
        foreach (var (name, parameter) in trainable)
            if (parameter.dtype != float32)
                throw new ArgumentException(
                    $"The parameter '{name}' has the type {parameter.dtype}; trainable parameters must be Float32."
                );
        Parameters = new ParameterSet(trainable.Select(p => (p.Name, p.Parameter.shape.Select(d => checked((int)d)).ToArray())));
        _bound = [.. trainable.Zip(Parameters.Tensors, (p, place) => (p.Parameter, place))];
        _shares = !copies && trainable[0].Parameter.device_type == DeviceType.CPU;
        _values = frombuffer(Parameters.Values, ScalarType.Float32).DetachFromDisposeScope();
        using var none = no_grad();
        foreach (var (parameter, place) in _bound)
        {
            using var scope = NewDisposeScope();
            var view = View(_values, place, parameter);
            view.copy_(parameter);
            if (_shares)
                parameter.set_(view);
        }
    }

    /// <summary>The parameters and their gradient.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Brings the module up to date with the set; call it before each computation.</summary>
    public void BeforeUse()
    {
        if (_shares)
            return;
        using var none = no_grad();
        foreach (var (parameter, place) in _bound)
        {
            using var scope = NewDisposeScope();
            parameter.copy_(View(_values, place, parameter));
        }
    }

    /// <summary>Makes backward passes add into the set's gradient.</summary>
    public void BeforeBackward()
    {
        if (_gradient is not null)
            return;
        _gradient = frombuffer(Parameters.Gradient, ScalarType.Float32).DetachFromDisposeScope();
        if (!_shares)
            return;
        foreach (var (parameter, place) in _bound)
            parameter.grad = View(_gradient, place, parameter).DetachFromDisposeScope();
    }

    /// <summary>Collects what a backward pass left on another device.</summary>
    public void AfterBackward()
    {
        if (_shares)
            return;
        using var none = no_grad();
        foreach (var (parameter, place) in _bound)
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient)
                continue; // this pass did not depend on it
            View(_gradient!, place, parameter).add_(gradient.cpu());
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        _gradient?.Dispose();
    }

    private static Tensor View(Tensor all, ParameterTensor place, Parameter like) =>
        all.narrow(0, place.Offset, place.Length).view(like.shape);
}
