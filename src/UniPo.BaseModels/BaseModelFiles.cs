using System.Reflection;

namespace UniPo;

/// <summary>Where the weights of the shipped base models are; <c>TinyTransformer.Load</c> reads them.</summary>
public static class BaseModelFiles
{
    /// <summary>The assembly that holds them as resources <c>checkpoints/NAME.safetensors</c>.</summary>
    public static Assembly Assembly => typeof(BaseModelFiles).Assembly;
}
