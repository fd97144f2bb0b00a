using System.Reflection;
using System.Runtime.CompilerServices;

namespace UniPo.Interactive;

/// <summary>
/// Makes the library's own records readable in .NET Interactive: a run shows as curves, a list of steps as a table.
/// </summary>
/// <remarks>
/// Views carry the host's formatting convention themselves and need none of this. The records of the core library must not know
/// HTML, and a convention attribute cannot speak for a sequence of them; they are registered with the host's formatter, found by
/// name. That happens by itself when the package is referenced (its <c>extension.dib</c>) and when any type of this assembly is
/// first used. In a host without that formatter nothing happens; there <see cref="ViewExtensions.Show(object)"/> gives the view
/// of any record.
/// </remarks>
public static class Notebook
{
    private const string FormatterAssembly = "Microsoft.DotNet.Interactive.Formatting";

    /// <summary>Registers the library's records with the notebook host; calling it again changes nothing.</summary>
    /// <returns>One line that says what happened.</returns>
    public static string Register()
    {
        var assembly = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == FormatterAssembly);
        if (assembly?.GetType(FormatterAssembly + ".Formatter") is not { } formatter)
            return "UniPo: no notebook formatter found; views show themselves, and x.Show() gives the view of any record.";
        var register = formatter.GetMethod("Register", [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)]);
        var prefer = formatter.GetMethod("SetPreferredMimeTypesFor", [typeof(Type), typeof(string[])]);
        if (register is null || prefer is null)
            return "UniPo: this host's formatter has another shape than expected; views show themselves, and x.Show() gives the view of any record.";
        var types = Shown().ToArray();
        foreach (var type in types)
            Register(register, prefer, type);
        return $"UniPo: {types.Length} types are shown as tables, curves and token tables.";
    }

    private static void Register(MethodInfo register, MethodInfo prefer, Type type)
    {
        register.Invoke(
            null,
            [
                type,
                (Action<object, TextWriter>)((value, writer) => Hosts.Formats.Html(value, writer)),
                Hosts.ViewFormatterSource.MimeTypes[0],
            ]
        );
        register.Invoke(
            null,
            [
                type,
                (Action<object, TextWriter>)((value, writer) => Hosts.Formats.Plain(value, writer)),
                Hosts.ViewFormatterSource.MimeTypes[1],
            ]
        );
        prefer.Invoke(null, [type, Hosts.ViewFormatterSource.MimeTypes]);
    }

    /// <summary>Every public record, class and structure of the core library, and sequences of them.</summary>
    private static IEnumerable<Type> Shown() =>
        from type in typeof(TrainingRun).Assembly.GetExportedTypes()
        where
            !type.IsEnum
            && !type.IsInterface
            && !(type.IsAbstract && type.IsSealed)
            && !type.ContainsGenericParameters
            && !typeof(Delegate).IsAssignableFrom(type)
            && !typeof(Exception).IsAssignableFrom(type)
        from shown in new[] { type, typeof(IEnumerable<>).MakeGenericType(type) }
        select shown;

#pragma warning disable CA2255 // A library may not do work at load; this one line is what makes `run` show as curves without a call.
    [ModuleInitializer]
    internal static void RegisterOnFirstUse() => Register();
#pragma warning restore CA2255
}
