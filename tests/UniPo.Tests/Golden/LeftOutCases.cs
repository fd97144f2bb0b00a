namespace UniPo.Tests.Golden;

/// <summary>The one place where a golden case may be left out, always with its reason. Anything else that is not covered fails.</summary>
internal static class LeftOutCases
{
    private static readonly (string Reason, Func<GoldenCase, bool> Is)[] All =
    [
        ("0/0 upstream (NaN); this library documents 0 for a batch without active tokens", c => c.Has("loss") && double.IsNaN(c.Number("loss"))),
    ];

    public static string? Reason(GoldenCase c) => All.FirstOrDefault(l => l.Is(c)).Reason;
}
