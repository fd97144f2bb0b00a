using System.Reflection;
using System.Text.RegularExpressions;

namespace UniPo.Notebooks.Tests;

/// <summary>Prose states no number that a cell does not hold, names nothing that does not exist, and links to what is there.</summary>
public sealed partial class ProseTests
{
    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Prose_holds_no_number_of_its_own(string name)
    {
        var lesson = Lesson.Read(name);
        var plain = lesson
            .Prose.SelectMany(c => c.Source.Split('\n'))
            .Select(l => Allowed().Replace(Marked().Replace(l, ""), ""));
        Assert.DoesNotContain(plain, l => Digit().IsMatch(l));
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void A_number_in_a_code_span_is_an_input_of_a_cell_or_a_setting_to_try(string name)
    {
        var lesson = Lesson.Read(name);
        var known = Number().Matches(lesson.Program).Select(m => m.Value).ToHashSet();
        var spans = Spans(lesson)
            .Where(s => !Setting().IsMatch(s) && !Prompt().IsMatch(s) && !s.Contains('{', StringComparison.Ordinal));
        Assert.Empty(spans.SelectMany(s => Number().Matches(s).Select(m => m.Value)).Where(n => !known.Contains(n)).Distinct());
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Every_name_in_a_code_span_exists(string name)
    {
        var lesson = Lesson.Read(name);
        var known = Identifier()
            .Matches(lesson.Program)
            .Select(m => m.Value)
            .Concat(PublicNames())
            .Concat(MetricGlossary.All.Select(m => m.Key))
            .Concat(_words)
            .ToHashSet();
        Assert.Empty(
            Spans(lesson).SelectMany(s => Identifier().Matches(s).Select(m => m.Value)).Where(n => !known.Contains(n)).Distinct()
        );
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Every_name_in_a_hint_exists(string name)
    {
        var known = PublicNames().Concat(typeof(string).GetMembers().Select(m => m.Name)).ToHashSet();
        var own = Identifier().Matches(Lesson.Read(name).Program).Select(m => m.Value).ToHashSet();
        var named = Literal()
            .Matches(Lesson.Read(name).Program)
            .SelectMany(m => Dotted().Matches(m.Value))
            .SelectMany(m => m.Value.Split('.'));
        Assert.Empty(named.Where(n => !known.Contains(n) && !own.Contains(n)).Distinct());
    }

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Every_link_leads_somewhere(string name) => LeadSomewhere(Lesson.Read(name));

    [Theory, MemberData(nameof(Lesson.SolutionNames), MemberType = typeof(Lesson))]
    public void Every_link_of_a_solution_leads_somewhere(string name) => LeadSomewhere(Lesson.Solution(name));

    [Theory, MemberData(nameof(Lesson.AllNames), MemberType = typeof(Lesson))]
    public void Formulas_come_from_the_library_not_from_prose(string name) =>
        Assert.All(Lesson.Read(name).Prose, c => Assert.DoesNotMatch(@"\$|\\frac|\\sum|\\log", Marked().Replace(c.Source, ""))); // not every host shows $…$

    private static void LeadSomewhere(Lesson lesson)
    {
        var links = lesson.Prose.SelectMany(c => Link().Matches(c.Source).Select(m => m.Groups[1].Value)).ToArray();
        var (outside, inside) = (
            links.Where(l => l.Contains("://", StringComparison.Ordinal)),
            links.Where(l => !l.Contains("://", StringComparison.Ordinal))
        );
        Assert.All(
            inside,
            l =>
                Assert.True(
                    File.Exists(Path.Combine(Path.GetDirectoryName(lesson.Path)!, l.Split('#')[0])),
                    $"{lesson.Name} links to {l}, which does not exist."
                )
        );
        Assert.All(
            outside,
            l =>
                Assert.True(
                    Uri.TryCreate(l, UriKind.Absolute, out var uri) && uri.Scheme == "https",
                    $"{lesson.Name}: {l} is no https address."
                )
        );
        Assert.All(
            outside.Where(l => l.Contains("arxiv.org", StringComparison.Ordinal)),
            l => Assert.Matches(@"^https://arxiv\.org/abs/\d{4}\.\d{4,5}$", l)
        );
        Assert.All(
            outside.Where(l => l.Contains("/issues/", StringComparison.Ordinal)),
            l => Assert.Matches(@"^https://github\.com/[\w.-]+/[\w.-]+/issues/\d+$", l)
        );
    }

    private static IEnumerable<string> Spans(Lesson lesson) =>
        lesson.Prose.SelectMany(c => Span().Matches(Fence().Replace(c.Source, "")).Select(m => m.Groups[1].Value));

    private static IEnumerable<string> PublicNames() =>
        from assembly in new[] { typeof(MetricGlossary).Assembly, typeof(UniPo.Interactive.Check).Assembly }
        from type in assembly.GetExportedTypes()
        from name in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Select(m => m.Name)
            .Prepend(type.Name.Split('`')[0])
            .Append(type.Namespace!.Split('.')[^1])
        select name;

    // Words of the language, of the shell and of the template's example that may stand in a code span, and a task's name.
    private static readonly string[] _words =
    [
        "null",
        "with",
        "true",
        "false",
        "new",
        "using",
        "var",
        "dotnet",
        "unipo",
        "make",
        "pack",
        "Release",
        "packages",
        "nuget",
        "ipynb",
        "jsonl",
        "csproj",
        "data",
        "runs",
        "abc",
        "cba",
        "addition",
    ];

    [GeneratedRegex(@"`[^`]*`|\]\([^)]*\)|<[^>]*>")]
    private static partial Regex Marked();

    // Years, the names k1 to k3, numbers of papers and threads, names that hold a digit.
    [GeneratedRegex(@"\b(19|20)\d\d\b|\bk[123]\b|arXiv \d{4}\.\d{4,5}|([\w.-]+/[\w.-]+ )?issue \d+|R1-Zero|C# \d+|\.NET \d+")]
    private static partial Regex Allowed();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digit();

    [GeneratedRegex(@"(?<![\w.])\d+(\.\d+)?(e-?\d+)?(?![\w])")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\w+ = -?[\d.e-]+$")]
    private static partial Regex Setting();

    // An example of the task: text for the model, no number of the lesson.
    [GeneratedRegex(@"^\d+\+\d+=\d*\$?$")]
    private static partial Regex Prompt();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<![\w#.$-])[A-Za-z_]\w{2,}")]
    private static partial Regex Identifier();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b[A-Z]\w+\.[A-Z]\w+\b")]
    private static partial Regex Dotted();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
