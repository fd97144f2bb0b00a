using System.Globalization;
using System.Reflection;
using System.Text;

namespace UniPo.Interactive;

/// <summary>The style rules of the views: the sheet beside this file, and the palette as classes.</summary>
/// <remarks>
/// Every rule is nested below the root class, which is written three times to out-rank a host's bare rules for tables.
/// A page says whether it is dark (VS Code's body class, Jupyter's attribute, else the reader's system); <c>light-dark()</c> does
/// the rest. Class names of marks: <c>p0 … p10</c> raise, <c>n1 … n10</c> lower, <c>s0 … s10</c> measure, <c>l0 … l7</c> lines, <c>raise</c> and <c>lower</c> lines that push.
/// </remarks>
internal static class Theme
{
    /// <summary>Root class of every view.</summary>
    public const string Root = "unipo";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> _sections = new(ReadSections);

    /// <summary>The rules a view needs: the base and the sections it names.</summary>
    public static string Rules(params ReadOnlySpan<string> sections)
    {
        var rules = new StringBuilder(_sections.Value["theme"]).Append(".unipo.unipo.unipo{").Append(_sections.Value["base"]);
        foreach (var section in sections)
            rules.Append(
                section switch
                {
                    "marks" => _marks.Value,
                    "lines" => _lines.Value,
                    _ => _sections.Value[section],
                }
            );
        return rules.Append('}').ToString();
    }

    /// <summary>The rules of all views, for a page whose outputs bring none along.</summary>
    public static string AllRules => _allRules.Value;

    private static readonly Lazy<string> _allRules = new(() =>
        Rules([.. _sections.Value.Keys.Where(name => name is not ("theme" or "base")), "marks", "lines"])
    );

    /// <summary>Class of a mark that raises (positive) or lowers.</summary>
    public static string SignedClass(int level) =>
        (level < 0 ? "n" : "p") + Math.Abs(level).ToString(CultureInfo.InvariantCulture);

    /// <summary>Class of a mark that only has a size.</summary>
    public static string SizeClass(int level) => "s" + level.ToString(CultureInfo.InvariantCulture);

    private static readonly Lazy<string> _marks = new(() =>
    {
        var rules = new StringBuilder();
        for (var level = 0; level <= Palette.Levels; level++)
        {
            Mark(SignedClass(level), Palette.Signed(level, dark: false), Palette.Signed(level, dark: true));
            if (level > 0)
                Mark(SignedClass(-level), Palette.Signed(-level, dark: false), Palette.Signed(-level, dark: true));
            Mark(SizeClass(level), Palette.Size(level, dark: false), Palette.Size(level, dark: true));
        }
        return rules.ToString();

        void Mark(string name, Colour light, Colour dark) =>
            rules.Append(
                CultureInfo.InvariantCulture,
                $".{name}{{--m:light-dark({light},{dark});color:light-dark({Palette.TextOn(light)},{Palette.TextOn(dark)})}}"
            );
    });

    private static readonly Lazy<string> _lines = new(() =>
        string.Concat(
            Enumerable
                .Range(0, Palette.Series)
                .Select(i => $".l{i}{{--c:light-dark({Palette.Line(i, dark: false)},{Palette.Line(i, dark: true)})}}")
                .Concat(new[] { true, false }.Select(Push))
        )
    );

    private static string Push(bool raises) =>
        $".{(raises ? "raise" : "lower")}{{--c:light-dark({Palette.Push(raises, dark: false)},{Palette.Push(raises, dark: true)})}}";

    // The sheet is cut at lines such as "/* == base == */", and loses its comments and line breaks.
    private static IReadOnlyDictionary<string, string> ReadSections()
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream("UniPo.Interactive.views.css")
            ?? throw new InvalidOperationException("The style sheet views.css is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in reader.ReadToEnd().Split("/* == ").Skip(1))
        {
            var end = part.IndexOf(" == */", StringComparison.Ordinal);
            sections[part[..end]] = Shorten(part[(end + 6)..]);
        }
        return sections;
    }

    private static string Shorten(string rules)
    {
        var text = new StringBuilder();
        foreach (var line in rules.Split('\n'))
        {
            var comment = line.IndexOf("/*", StringComparison.Ordinal);
            text.Append((comment < 0 ? line : line[..comment]).Trim());
        }
        return text.Replace(": ", ":").Replace(" {", "{").Replace("; ", ";").Replace(", ", ",").Replace(";}", "}").ToString();
    }
}
