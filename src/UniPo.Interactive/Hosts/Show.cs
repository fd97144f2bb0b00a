using System.Collections;

namespace UniPo.Interactive.Hosts;

/// <summary>Which view shows which value of the library.</summary>
internal static class Show
{
    /// <summary>The view of a value; null when it is nothing of UniPo's.</summary>
    public static View? ViewOf(object value) =>
        value switch
        {
            View view => view,
            TokenReport report => report.Tokens(),
            RolloutBatch batch => batch.Tokens(),
            TrainingRun run => run.Curves(),
            Objective objective => objective.Card(),
            ObjectiveDifference difference => new DifferenceCard(difference),
            ObjectiveContrast contrast => new ComparedTokens([contrast.First, contrast.Second]),
            IEnumerable<TokenReport> reports when reports.Any() => reports.SideBySide(),
            Comparison comparison => comparison.Ranking(),
            TokenExplanation why => new TokenCard(why),
            IEnumerable<TrainingRun> runs => runs.Curves(),
            IEnumerable sequence when ElementOf(sequence.GetType()) is not null => RecordTable.OfRows(sequence.Cast<object?>()),
            _ when IsOurs(value.GetType()) => RecordTable.Of(value),
            _ => null,
        };

    /// <summary>The library's element type of a sequence; null when it is a sequence of anything else.</summary>
    public static Type? ElementOf(Type sequence) =>
        sequence
            .GetInterfaces()
            .Prepend(sequence)
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(i => i.GetGenericArguments()[0])
            .FirstOrDefault(IsOurs);

    /// <summary>True for the public types of the library.</summary>
    public static bool IsOurs(Type type) => type.Assembly == typeof(TrainingRun).Assembly && type.IsVisible;
}
