using UniPo.Interactive;
using UniPo.Interactive.Pages;

namespace UniPo.Cli.Pages;

/// <summary>A run and the name of the file it was read from.</summary>
internal sealed record NamedRun(string Name, TrainingRun Run);

/// <summary>The page of one or several runs: their curves together, and an explorer of each.</summary>
internal static class RunPage
{
    /// <summary>The complete page.</summary>
    /// <param name="runs">At least one.</param>
    /// <param name="step">Number of the step that is open at first; null for the last one with tokens.</param>
    /// <param name="allTokens">True to keep every token of the logs.</param>
    /// <param name="logs">Logs of other trainers among them, for what was recognised and what they cannot tell.</param>
    public static string Write(IReadOnlyList<NamedRun> runs, int? step, bool allTokens, params IReadOnlyList<TrainerLog> logs)
    {
        var title = string.Join(", ", runs.Select(r => Title(r.Run)).Distinct());
        if (runs.Count == 1)
            return ViewPage.Write(title, Recognised(logs), [new PageSection(null, Explorer(runs[0].Run))]);
        return ViewPage.Write(
            title,
            Recognised(logs),
            [
                new PageSection("All runs", runs.Select(r => r.Run).Curves()),
                .. runs.Select(r => new PageSection($"{Title(r.Run)} ({r.Name})", Explorer(r.Run))),
            ]
        );

        Explorer Explorer(TrainingRun run) => run.Explore() with { Step = step, AllTokens = allTokens };
    }

    private static IReadOnlyList<string> Recognised(IReadOnlyList<TrainerLog> logs) =>
        [
            .. logs.SelectMany(l =>
                l.Notes.Prepend($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(l.Path))}: {l.Recognised}")
            ),
        ];

    private static string Title(TrainingRun run) =>
        run.Header.Task == "unknown" ? run.Header.Algorithm : $"{run.Header.Algorithm} on {run.Header.Task}";
}
