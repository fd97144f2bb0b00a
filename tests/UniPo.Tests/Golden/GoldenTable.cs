using System.Collections.Concurrent;
using System.Text;

namespace UniPo.Tests.Golden;

/// <summary>How the cases of one file fared.</summary>
internal sealed record GoldenTable(
    string File,
    int Cases,
    int Compared,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> Failures
)
{
    private static readonly ConcurrentDictionary<string, GoldenTable> Known = new();

    public int Passed => Compared - Failures.Count;

    public static GoldenTable Of(string file) => Known.GetOrAdd(file, Compute);

    private static GoldenTable Compute(string file) => Compare(file, GoldenFolder.Current.Read(file));

    public static GoldenTable Compare(string file, IEnumerable<GoldenCase> all)
    {
        var cases = all.Where(c => c.TextOrNull("record") != "inputs").ToArray();
        var (leftOut, failures) = (new List<string>(), new List<string>());
        foreach (var c in cases)
        {
            if (LeftOutCases.Reason(c) is { } reason)
            {
                leftOut.Add(reason);
                if (LeftOutCases.IsNaN(c))
                    Finite(c, failures);
                continue;
            }
            try
            {
                GoldenMapping.Check(c);
            }
            catch (Exception e)
                when (e
                        is Xunit.Sdk.XunitException
                            or NotCoveredException
                            or ArgumentException
                            or KeyNotFoundException
                            or InvalidOperationException
                            or FormatException
                            or IndexOutOfRangeException
                )
            {
                failures.Add($"{c}{Environment.NewLine}    {e.GetType().Name}: {e.Message}");
            }
        }
        return new GoldenTable(file, cases.Length, cases.Length - leftOut.Count, leftOut, failures);
    }

    // Where upstream has no answer this library still has one: its own must be finite, and 0.
    private static void Finite(GoldenCase c, List<string> failures)
    {
        try
        {
            GoldenMapping.Check(c);
        }
        catch (Xunit.Sdk.XunitException e)
            when (e.Message.EndsWith("expected NaN, but was 0", StringComparison.Ordinal)
                || e.Message.EndsWith("expected NaN, but was -0", StringComparison.Ordinal)
            )
        {
            return;
        }
        catch (NotCoveredException e)
        {
            failures.Add($"{c}{Environment.NewLine}    {e.GetType().Name}: {e.Message}");
            return;
        }
        failures.Add($"{c}: expected a loss of 0 where upstream has NaN");
    }

    public static string Print(IReadOnlyList<GoldenTable> tables)
    {
        var text = new StringBuilder($"{"file", -38} {"cases", 6} {"compared", 9} {"passed", 7}").AppendLine();
        foreach (var t in tables)
            text.AppendLine($"{t.File, -38} {t.Cases, 6} {t.Compared, 9} {t.Passed, 7}");
        text.AppendLine(
            $"{"all", -38} {tables.Sum(t => t.Cases), 6} {tables.Sum(t => t.Compared), 9} {tables.Sum(t => t.Passed), 7}"
        );
        foreach (
            var (reason, count) in tables
                .SelectMany(t => t.LeftOut.Select(r => (t.File, r)))
                .GroupBy(r => r)
                .Select(g => (g.Key, g.Count()))
        )
            text.AppendLine($"left out: {count} of {reason.File}: {reason.r}");
        return text.ToString();
    }

    public override string ToString() => Print([this]);
}
