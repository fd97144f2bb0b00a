namespace UniPo;

/// <summary>AdamW as a plain loop (Loshchilov and Hutter 2019), ascending: the gradient is that of the objective, which grows.</summary>
internal sealed class ScalarAdamW(ParameterSet parameters, double weightDecay)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private readonly float[] _mean = new float[parameters.Count], _square = new float[parameters.Count];
    private int _steps;

    public void Step(double rate)
    {
        _steps++;
        var (bias1, bias2) = (1 - Math.Pow(Beta1, _steps), 1 - Math.Pow(Beta2, _steps)); // the moments start at 0 and would be too small
        for (var i = 0; i < _mean.Length; i++)
        {
            var g = parameters.Gradient[i];
            _mean[i] = (float)(Beta1 * _mean[i] + (1 - Beta1) * g);
            _square[i] = (float)(Beta2 * _square[i] + (1 - Beta2) * g * g);
            var step = _mean[i] / bias1 / (Math.Sqrt(_square[i] / bias2) + Epsilon);
            parameters.Values[i] += (float)(rate * (step - weightDecay * parameters.Values[i]));
        }
    }
}
