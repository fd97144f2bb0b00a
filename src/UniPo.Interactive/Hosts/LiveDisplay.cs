using System.Diagnostics;
using System.Reflection;

namespace UniPo.Interactive.Hosts;

/// <summary>One output of a notebook cell that can be replaced while the cell runs.</summary>
/// <remarks>
/// Found by name in the running host, so that no package of it is needed. What .NET Interactive promises for
/// <c>display(x)</c> is broken in its last state; the invocation context's own <c>Display</c> works in all of them.
/// </remarks>
internal sealed class LiveDisplay
{
    private const string Context = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    private readonly object _shown;
    private readonly MethodInfo _update;

    private LiveDisplay(object shown, MethodInfo update) => (_shown, _update) = (shown, update);

    /// <summary>Shows a value in the running cell; null where the host cannot replace it later.</summary>
    public static LiveDisplay? Open(View first)
    {
        if (Current() is not { } context)
            return null;
        var display = context
            .GetType()
            .Assembly.GetType(Context + "Extensions")
            ?.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .FirstOrDefault(m =>
                m.Name == "Display"
                && m.GetParameters() is { Length: 3 } p
                && p[1].ParameterType == typeof(object)
                && p[2].ParameterType == typeof(string[])
            );
        var shown = display?.Invoke(null, [context, first, ViewFormatterSource.MimeTypes]);
        return shown?.GetType().GetMethod("Update", [typeof(object)]) is { } update ? new LiveDisplay(shown, update) : null;
    }

    /// <summary>Replaces what is shown.</summary>
    public void Update(View next) => _update.Invoke(_shown, [next]);

    /// <summary>The running cell's own cancellation; none where the host does not tell.</summary>
    public static CancellationToken Cancellation() =>
        Current() is { } context
        && context.GetType().GetProperty("CancellationToken", BindingFlags.Public | BindingFlags.Instance)?.GetValue(context)
            is CancellationToken token
            ? token
            : CancellationToken.None;

    private static object? Current() =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .FirstOrDefault(a => a.GetName().Name == "Microsoft.DotNet.Interactive")
            ?.GetType(Context)
            ?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)
            ?.GetValue(null);
}

/// <summary>Says when enough time has passed for the next picture: four a second are plenty for the eye.</summary>
internal sealed class Throttle(TimeSpan every, Func<TimeSpan> clock)
{
    private TimeSpan? _last;

    /// <summary>A throttle on the machine's clock.</summary>
    public static Throttle FourASecond()
    {
        var watch = Stopwatch.StartNew();
        return new Throttle(TimeSpan.FromMilliseconds(250), () => watch.Elapsed);
    }

    /// <summary>True at most once in each interval; the first question is answered with yes.</summary>
    public bool IsDue()
    {
        var now = clock();
        if (_last is { } last && now - last < every)
            return false;
        _last = now;
        return true;
    }
}
