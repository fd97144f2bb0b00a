using System.Text;
using UniPo.Cli.Hosting;

namespace UniPo.Cli.Exporting;

/// <summary>The parts of a single-file program, in the order the language wants them.</summary>
internal sealed class ProgramText
{
    private readonly SortedSet<string> _usings = new(StringComparer.Ordinal);
    private readonly StringBuilder _statements = new();
    private readonly StringBuilder _extensions = new();
    private readonly StringBuilder _types = new();

    /// <summary>Adds a line such as <c>using System;</c> once.</summary>
    public void Using(string line) => _usings.Add(line);

    /// <summary>Adds statements.</summary>
    public void Statements(string text) => _statements.Append(text.TrimEnd()).Append("\n\n");

    /// <summary>Adds an extension method: a static class holds it, which a notebook does without.</summary>
    public void Extension(string method) => _extensions.Append(Indent(method)).Append("\n\n");

    /// <summary>Adds a type: in a program types come after the statements.</summary>
    public void Type(string text) => _types.Append(text.Trim('\r', '\n').TrimEnd()).Append("\n\n");

    /// <summary>The whole file.</summary>
    /// <param name="heading">Comment lines at the top, without slashes.</param>
    /// <param name="references">Lines such as <c>#:package X@1.0.0</c>.</param>
    public string ToText(IEnumerable<string> heading, IEnumerable<string> references)
    {
        var text = new StringBuilder("#!/usr/bin/env dotnet\n");
        foreach (var line in heading)
            text.Append("// ").Append(line).Append('\n');
        foreach (var line in references.Concat(Properties))
            text.Append(line).Append('\n');
        text.Append('\n');
        foreach (var line in _usings)
            text.Append(line).Append('\n');
        text.Append('\n').Append(_statements).Append(_types);
        return text.Append(ShownValues).Replace("/*extensions*/", _extensions.ToString().TrimEnd()).ToString();
    }

    // What surrounds the file must not decide whether it builds: a notebook knows no central versions and no warnings.
    private static IEnumerable<string> Properties =>
        [
            "#:property Nullable=disable",
            "#:property ImplicitUsings=disable",
            "#:property TreatWarningsAsErrors=false",
            "#:property NoWarn=$(NoWarn);CS1591;CS8632;CS0219",
            "#:property ManagePackageVersionsCentrally=false",
            "#:property PublishAot=false",
            "#:property InvariantGlobalization=true",
        ];

    private static string Indent(string text) =>
        string.Join('\n', text.Trim('\r', '\n').Split('\n').Select(l => l.Length == 0 ? l : "    " + l));

    private const string ShownValues = """
        /// <summary>Shows values on the console, where a notebook would show them below the cell.</summary>
        internal static class Shown
        {
            public static void Display<T>(this T value, params string[] mimeTypes) => Console.WriteLine(Text(value));

            public static void display(object value, params string[] mimeTypes) => Console.WriteLine(Text(value));

            private static string Text(object value) => value switch
            {
                null => "<null>",
                string text => text,
                System.Collections.IEnumerable items when value.ToString() == value.GetType().ToString() => string.Join("\n", items.Cast<object>().Select(Text)),
                _ => value.ToString(),
            };

        /*extensions*/
        }

        """;
}
