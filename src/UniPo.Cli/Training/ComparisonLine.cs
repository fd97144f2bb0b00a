using System.Globalization;
using Spectre.Console;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Training;

/// <summary>
/// The live progress of many runs: one bar on a terminal; where that cannot be, a line for each run that is over.
/// </summary>
internal static class ComparisonLine
{
    /// <summary>Runs the comparison and tells how it goes.</summary>
    /// <param name="runs">Number of runs.</param>
    /// <param name="steps">Steps of each.</param>
    /// <param name="output">Where to.</param>
    /// <param name="compare">The comparison; reports what happens.</param>
    public static Comparison Follow(
        int runs,
        int steps,
        TextWriter output,
        Func<IProgress<ComparisonProgress>, Comparison> compare
    )
    {
        if (!TerminalWriter.IsLive(output))
            return compare(new PromptProgress<ComparisonProgress>(news => Log(news, output)));
        return AnsiConsole
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn(),
                new RemainingTimeColumn()
            )
            .Start(context =>
            {
                var bar = context.AddTask($"0 of {runs} runs", maxValue: (double)runs * steps);
                var going = new Dictionary<(string, ulong), int>();
                return compare(
                    new PromptProgress<ComparisonProgress>(news =>
                    {
                        if (news.Failure is not null)
                            AnsiConsole.MarkupLineInterpolated($"[red]{TerminalText.Visible(Line(news))}[/]");
                        going[(news.Algorithm, news.Seed)] = news.Run is null && news.Failure is null ? news.StepsDone : steps;
                        bar.Value = going.Values.Sum(done => (double)done);
                        bar.Description = Markup.Escape($"{news.Finished} of {runs} runs; {news.Algorithm}, seed {news.Seed}");
                    })
                );
            });
    }

    private static void Log(ComparisonProgress news, TextWriter output)
    {
        if (news.Run is not null || news.Failure is not null)
            output.WriteLine($"{news.Finished} of {news.Total}: {Line(news)}");
    }

    private static string Line(ComparisonProgress news) =>
        news.Run is { } run
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{news.Algorithm}, seed {news.Seed}: held out {Value(run.Before):0.000} → {Value(run.After):0.000}"
            )
            : $"{news.Algorithm}, seed {news.Seed}: failed: {news.Failure}";

    private static double? Value(HeldOutAccuracy? accuracy) => accuracy?.ExactProbability ?? accuracy?.SampledAccuracy;
}
