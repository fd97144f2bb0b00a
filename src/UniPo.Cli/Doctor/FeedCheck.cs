namespace UniPo.Cli.Doctor;

/// <summary>Which package sources there are, and whether they answer.</summary>
internal static class FeedCheck
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks.</summary>
    public static async Task<IReadOnlyList<Finding>> Run()
    {
        var sources = Enabled(await ShellCommand.Ask(DotNetHost.Path, "nuget", "list", "source", "--format", "Short") ?? "");
        var answers = await Task.WhenAll(sources.Select(Look));
        var remote = answers.Where(a => a.Subject.Contains("://", StringComparison.Ordinal)).ToList();
        if (remote.Count > 0 && remote.All(a => a.Severity == Severity.Notice))
            return [.. answers, new Finding("network", "offline: only packages that are already in the cache can be had")];
        return answers.Length > 0
            ? answers
            :
            [
                new Finding(
                    "package sources",
                    "none",
                    Severity.Notice,
                    "Add one: dotnet nuget add source https://api.nuget.org/v3/index.json"
                ),
            ];
    }

    /// <summary>The addresses of the sources that are switched on, from the list the SDK prints.</summary>
    public static IReadOnlyList<string> Enabled(string list) =>
        [
            .. list.Split('\n', StringSplitOptions.TrimEntries)
                .Where(l => l.StartsWith("E ", StringComparison.Ordinal))
                .Select(l => l[2..].Trim()),
        ];

    private static async Task<Finding> Look(string source)
    {
        var subject = $"source {WithoutSecrets(source)}";
        if (!source.Contains("://", StringComparison.Ordinal))
            return Directory.Exists(source)
                ? new Finding(subject, "a folder")
                : new Finding(subject, "no such folder", Severity.Notice, $"Make it, or pack into it: {source}");
        try
        {
            using var client = new HttpClient { Timeout = _patience };
            using var answer = await client.GetAsync(new Uri(source), HttpCompletionOption.ResponseHeadersRead);
            return new Finding(subject, $"answers ({(int)answer.StatusCode})");
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or NotSupportedException)
        {
            return new Finding(
                subject,
                "does not answer",
                Severity.Notice,
                "Check the network or proxy; packages in the cache still work."
            );
        }
    }

    // A source can hold a name and a password; what the doctor prints is often pasted elsewhere.
    private static string WithoutSecrets(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? source.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal)
            : source;
}
