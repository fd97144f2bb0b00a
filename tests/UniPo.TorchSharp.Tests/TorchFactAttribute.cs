using UniPo.Torch;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // the machine's threads are libtorch's

namespace UniPo.TorchSharp.Tests;

/// <summary>A test that needs libtorch: shown as skipped, with the loader's reason, where it does not load at all.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = Native.Reason;
}

/// <summary>As <see cref="TorchFactAttribute"/>, once for each set of arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = Native.Reason;
}

/// <summary>Whether libtorch loads here.</summary>
internal static class Native
{
    /// <summary>Why it does not; null when it does.</summary>
    public static string? Reason { get; } = Try();

    private static string? Try()
    {
        try
        {
            LibTorch.Require();
            global::TorchSharp.torch.set_num_threads(1);
            return null;
        }
        catch (DllNotFoundException fault)
        {
            return fault.Message;
        }
    }
}
