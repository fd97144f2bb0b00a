using System.Runtime.CompilerServices;

namespace UniPo.Engine;

/// <summary>
/// The gated unit SwiGLU (Shazeer 2020), gate · σ(gate) · up, and its derivative. Each row holds the gates, then the ups.
/// </summary>
internal static unsafe class GateKernels<V>
    where V : struct, ILanes<V>
{
    private const int Lanes = 16;

    /// <summary>output = gate · σ(gate) · up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* gateUp, float* output, int rows, int hidden)
    {
        for (; rows > 0; rows--, gateUp += 2 * hidden, output += hidden)
        for (var i = 0; i < hidden; i += Lanes)
        {
            var gate = V.Load(gateUp + i);
            V.Store(gate * Elementary.Sigmoid(gate) * V.Load(gateUp + hidden + i), output + i);
        }
    }

    /// <summary>
    /// From the derivative by the output, the one by gate and up; writes the output again, which the weights' gradient needs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gateUp, float* doutput, float* dgateUp, float* output, int rows, int hidden)
    {
        var one = V.Broadcast(1f);
        for (; rows > 0; rows--, gateUp += 2 * hidden, dgateUp += 2 * hidden, output += hidden, doutput += hidden)
        for (var i = 0; i < hidden; i += Lanes)
        {
            V gate = V.Load(gateUp + i),
                up = V.Load(gateUp + hidden + i),
                d = V.Load(doutput + i);
            var sigmoid = Elementary.Sigmoid(gate);
            var swish = gate * sigmoid;
            V.Store(swish * up, output + i);
            V.Store(d * swish, dgateUp + hidden + i);
            var slope = V.MultiplyAdd(swish, one - sigmoid, sigmoid); // σ + gate·σ·(1 − σ)
            V.Store(d * up * slope, dgateUp + i);
        }
    }
}
