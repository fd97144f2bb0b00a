using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace UniPo.Cli.Hosting;

/// <summary>
/// Tells an exception to the reader of a notebook: what, and which line of which cell; nothing of the machinery below.
/// </summary>
internal static class ExceptionText
{
    private const int MostFrames = 20;
    private const int LongestMessage = 20_000;

    /// <summary>The message that reports this exception.</summary>
    /// <param name="fault">What a cell threw.</param>
    /// <param name="lineOf">The text of a line of a cell (both from 1), or null.</param>
    public static Failed Describe(Exception fault, Func<int, int, string?> lineOf)
    {
        if (fault is CellFaultException cell)
            return new Failed("CompilationError", cell.Message, cell.Trace);
        List<string> trace = [];
        for (var current = fault; current is not null; current = current.InnerException)
        {
            trace.Add($"{(current == fault ? "" : "caused by ")}{current.GetType().Name}: {Message(current)}");
            trace.AddRange(Cut([.. Frames(current, lineOf)]));
        }

        return new Failed(fault.GetType().Name, Message(fault), trace);
    }

    private static string Message(Exception fault) =>
        fault.Message.Length <= LongestMessage
            ? fault.Message
            : $"{fault.Message[..LongestMessage]}… ({fault.Message.Length} characters)";

    // A deep recursion says the same line a thousand times; where it started stands at the end.
    private static IEnumerable<string> Cut(List<string> frames) =>
        frames.Count <= MostFrames
            ? frames
            :
            [
                .. frames.Take(MostFrames / 2),
                $"   … {frames.Count - MostFrames} more calls …",
                .. frames.TakeLast(MostFrames / 2),
            ];

    private static IEnumerable<string> Frames(Exception fault, Func<int, int, string?> lineOf)
    {
        foreach (var frame in new StackTrace(fault, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { } method || IsMachinery(method))
                continue;
            if (CellOf(frame) is { } cell)
            {
                var line = frame.GetFileLineNumber();
                yield return $"   at cell {cell}, line {line}: {lineOf(cell, line)?.Trim()}".TrimEnd(' ', ':');
            }
            else
                yield return $"   at {NameOf(method)}";
        }
    }

    private static int? CellOf(StackFrame frame)
    {
        const string prefix = "cell ";
        var file = frame.GetFileName();
        return
            file is not null
            && file.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(file[prefix.Length..], out var cell)
            ? cell
            : null;
    }

    private static bool IsMachinery(MethodBase method)
    {
        if (method.IsDefined(typeof(StackTraceHiddenAttribute), inherit: false))
            return true;
        var space = method.DeclaringType?.Namespace ?? "";
        return (method.DeclaringType?.Name.StartsWith("ThrowHelper", StringComparison.Ordinal) ?? false)
            || space
                is "System.Runtime.CompilerServices"
                    or "System.Runtime.ExceptionServices"
                    or "System.Threading"
                    or "System.Reflection"
            || space.StartsWith("UniPo.Cli", StringComparison.Ordinal);
    }

    /// <summary>Type and method as they were written: an async method or a lambda hides behind a generated class.</summary>
    private static string NameOf(MethodBase method)
    {
        var type = method.DeclaringType;
        var name = method.Name;
        while (type is not null && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        {
            name = Written(type.Name) ?? Written(name) ?? name;
            type = type.DeclaringType;
        }

        name = Written(name) ?? name;
        var parameters = string.Join(", ", method.GetParameters().Select(p => $"{p.ParameterType.Name} {p.Name}"));
        return name is "MoveNext" ? $"{type?.FullName}" : $"{type?.FullName}.{name.TrimStart('.')}({parameters})";
    }

    private static string? Written(string generated)
    {
        var end = generated.IndexOf('>', StringComparison.Ordinal);
        return generated.StartsWith('<') && end > 1 ? generated[1..end] : null;
    }
}
