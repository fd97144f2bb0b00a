using System.Globalization;

namespace UniPo.Tests;

/// <summary>
/// docs/training.md against the code: which algorithms, which settings. (What they reach is measured by
/// <c>unipo docs --training</c>.)
/// </summary>
public sealed class TrainingRecipeTests
{
    private static readonly string[] Rows =
    [
        .. File.ReadLines(Repository.Path("docs", "training.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1),
    ];

    [Fact]
    public void The_page_has_a_row_for_every_algorithm_with_the_settings_of_the_code() =>
        Assert.Equal(
            TrainingRecipe.All.Select(TrainingPage.Label),
            Rows.Select(row => string.Join('|', row.Split('|')[..4]) + "|")
        );

    [Fact]
    public void Every_algorithm_improves_held_out_accuracy_beyond_the_spread_of_its_seeds()
    {
        foreach (var row in Rows)
        {
            string[] cells = [.. row.Split('|', StringSplitOptions.TrimEntries)];
            double before = Number(cells[4]),
                after = Number(cells[5]),
                low = Number(cells[6].Split('(')[1].Split(' ')[0]);
            Assert.True(after > before && low > 0, row);
        }
    }

    [Fact]
    public void A_recipe_can_be_trained_as_it_stands()
    {
        foreach (var recipe in TrainingRecipe.All)
        {
            var policy = TinyTransformer.Load(BaseModel.For(recipe.Task).Name);
            if (recipe.Objective.Sampling.NeedsCritic)
                policy = policy.WithValueHead();
            Assert.Single(new Trainer(policy, recipe.Task, recipe.Objective, recipe.Options).Steps(1));
        }
    }

    [Fact]
    public void An_algorithm_of_ones_own_gets_a_recipe_too()
    {
        var recipe = TrainingRecipe.For(
            Algorithms.Grpo with
            {
                Name = "mine",
                Sampling = new() { GroupSize = 4, Passes = 2 },
            }
        );
        Assert.Equal("mine on addition: 8 × 4 responses, 2 passes, learning rate 1e-4, warm-up 10, 150 steps", recipe.ToString());
    }

    [Fact]
    public void A_page_needs_every_comparison() =>
        Assert.Contains(
            "for each of the 23 recipes, but there were 0",
            Assert.Throws<ArgumentException>(() => TrainingPage.Write([])).Message,
            StringComparison.Ordinal
        );

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
