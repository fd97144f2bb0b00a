using System.Globalization;
using System.Text;

namespace UniPo.Workshop.Docs;

/// <summary>The page <c>docs/training.md</c>: what every algorithm reaches with its recipe, measured over seeds.</summary>
internal static class TrainingPage
{
    /// <summary>Seeds of each algorithm on the page.</summary>
    public const int Seeds = 5;

    /// <summary>The page as Markdown.</summary>
    /// <param name="comparisons">One comparison for each recipe, in the order of <see cref="TrainingRecipe.All"/>, each of one
    /// algorithm.</param>
    /// <exception cref="ArgumentException">A recipe has no comparison, or a run of one failed.</exception>
    public static string Write(IReadOnlyList<Comparison> comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        if (comparisons.Count != TrainingRecipe.All.Count)
            throw new ArgumentException(
                $"There must be one comparison for each of the {TrainingRecipe.All.Count} recipes, but there were {comparisons.Count}."
            );
        var text = new StringBuilder();
        text.Append(
            "# Training\n\nWritten by `workshop docs --training`, which trains every algorithm anew with the settings below (`TrainingRecipe.For`, in code); do not\n"
        );
        text.Append(
            "edit by hand. A test compares names and settings with the code, and that every interval of the change lies above 0.\n\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"Before and after: exact probability of a right answer on held-out prompts, mean of {Seeds} seeds. Change: mean, and the 95 % interval of\n"
        );
        text.Append(
            "that mean by bootstrap over the seeds. Seconds: one run on one thread, with as many runs side by side as there are cores\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"(here {Environment.ProcessorCount}), held-out measurements not counted. The other settings are the defaults of `TrainerOptions`: gradient norm at most 1,\n"
        );
        text.Append("temperature 1, no weight decay, no decay of the learning rate.\n\n");
        text.Append("| algorithm | task | settings | before | after | change | seconds |\n|---|---|---|---|---|---|---|\n");
        foreach (var (recipe, comparison) in TrainingRecipe.All.Zip(comparisons))
            text.Append(Row(recipe, comparison)).Append('\n');
        text.Append("\nWhat to read from it: ").Append(Notes);
        return text.ToString();
    }

    /// <summary>The first cells of an algorithm's row: those that follow from the code.</summary>
    public static string Label(TrainingRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return $"| {recipe.Objective.Name} | {recipe.Task.Name} | {recipe.Settings} |";
    }

    private const string Notes =
        "the figures say that each algorithm works here, not which is best. Numbers of steps, responses and passes differ, so do the\n"
        + "costs of a step, and the differences among the group-relative algorithms are small beside what another base model or learning rate\n"
        + "would change. SFT stands apart: it is shown right answers, the others have to find them.\n";

    private static string Row(TrainingRecipe recipe, Comparison comparison)
    {
        if (comparison.Failed.Count > 0)
            throw new ArgumentException(
                $"{recipe.Objective.Name}, seed {comparison.Failed[0].Seed}, failed: {comparison.Failed[0].Reason}"
            );
        var summary = comparison.Summaries.Single();
        if (summary.Algorithm != recipe.Objective.Name)
            throw new ArgumentException($"The comparison of {recipe.Objective.Name} holds runs of {summary.Algorithm}.");
        var gain = summary.Gain;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Label(recipe)} {summary.Before.Estimate.Mean:0.000} | {summary.After.Estimate.Mean:0.000} | {gain.Estimate.Mean:+0.000;-0.000} ({gain.Bootstrap.Low:+0.000;-0.000} to {gain.Bootstrap.High:+0.000;-0.000}) | {summary.Seconds.Median:0.0} |"
        );
    }
}
