using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace UniPo.Claims.Tests;

/// <summary>What a claim turned out to be at this scale.</summary>
public enum Verdict
{
    /// <summary>As told, by arithmetic: no samples were needed.</summary>
    Exact,

    /// <summary>As told, measured.</summary>
    Holds,

    /// <summary>Part of it.</summary>
    InPart,

    /// <summary>Not as told.</summary>
    DoesNotHold,
}

/// <summary>Collects what the tests found, and writes it as a page when they are over.</summary>
/// <remarks>
/// The page goes to <c>artifacts/claims.md</c>, or to the file that the variable UNIPO_CLAIMS names. Rows of claims that were not
/// computed this time stay as they are there, so that a single claim can be measured anew. Unless the page in the repository is
/// being written, what was found must be what it says: the same words, and numbers within 0.02 or a tenth of each other.
/// </remarks>
public sealed class ClaimPage : IDisposable
{
    private static readonly Lock _file = new();
    private readonly Dictionary<string, string> _rows = [];

    /// <summary>Every claim there is, in the order of the lessons.</summary>
    public static IReadOnlyList<(string Test, ClaimAttribute Claim)> All { get; } =
    [
        .. from type in typeof(ClaimPage).Assembly.GetTypes()
        from method in type.GetMethods()
        let claim = method.GetCustomAttribute<ClaimAttribute>()
        where claim is not null
        orderby claim.Lesson, method.MetadataToken
        select ($"{type.Name}.{method.Name}", claim),
    ];

    /// <summary>The cells of a claim's row that follow from the code.</summary>
    public static string Label(ClaimAttribute claim) => $"| {claim.Lesson} | {claim.Claim} |";

    /// <summary>Says what the calling test found.</summary>
    public void Found(object tests, Verdict verdict, string figures, [CallerMemberName] string test = "")
    {
        var name = $"{tests.GetType().Name}.{test}";
        var label = Label(All.Single(c => c.Test == name).Claim);
        var row = $"{label} {Words(verdict)} | {figures} |";
        lock (_rows)
            _rows[name] = row;
        if (Target is not null)
            return;
        var published = File.ReadLines(Published).Single(l => l.StartsWith(label, StringComparison.Ordinal));
        Assert.True(FigureComparison.IsAlike(published, row), $"docs/claims.md says\n{published}\nbut it is\n{row}");
    }

    /// <summary>Writes the page.</summary>
    public void Dispose()
    {
        var path = Path.Combine(Repository, Target ?? Path.Combine("artifacts", "claims.md"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        lock (_file) // each lesson has a collector of its own, and adds its rows when it is done
            File.WriteAllText(path, Write(File.Exists(path) ? File.ReadAllLines(path) : []));
    }

    internal static string Repository { get; } =
        typeof(ClaimPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    internal static string Published { get; } = Path.Combine(Repository, "docs", "claims.md");

    private static string? Target { get; } =
        Environment.GetEnvironmentVariable("UNIPO_CLAIMS") is { Length: > 0 } file ? file : null;

    private string Write(string[] before)
    {
        var text = new StringBuilder();
        text.Append(
            "# Claims of the course\n\nEvery sentence below is told somewhere as a fact about policy optimization. Here each is computed, at the scale of the tiny models:\n"
        );
        text.Append("`tests/UniPo.Claims.Tests` asserts what the third column says, and this page was written by it:\n\n");
        text.Append("    UNIPO_CLAIMS=docs/claims.md dotnet test tests/UniPo.Claims.Tests -c Release\n\n");
        text.Append(
            "\"Exact\" needs no samples: it is added up. Elsewhere intervals are Student's 95 % over seeds, differences are between runs with the same\n"
        );
        text.Append(
            "seed, and \"right\" is the exact probability of a right answer on held-out prompts. What does not hold here may hold elsewhere: a vocabulary\n"
        );
        text.Append(
            "of 15 symbols and 100,000 parameters are no proof about large models, only that a sentence is not true of everything.\n\n"
        );
        text.Append("| lesson | claim | here | figures |\n|---|---|---|---|\n");
        foreach (var (test, claim) in All)
            if (
                (
                    _rows.GetValueOrDefault(test)
                    ?? before.FirstOrDefault(row => row.StartsWith(Label(claim), StringComparison.Ordinal))
                ) is
                { } row
            )
                text.Append(row).Append('\n');
        return text.ToString();
    }

    private static string Words(Verdict verdict) =>
        verdict switch
        {
            Verdict.Exact => "exact",
            Verdict.Holds => "holds",
            Verdict.InPart => "in part",
            _ => "does not hold",
        };
}
