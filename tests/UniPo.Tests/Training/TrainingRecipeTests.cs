namespace UniPo.Tests;

/// <summary>The settings with which each algorithm is trained for docs/training.md.</summary>
public sealed class TrainingRecipeTests
{
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
}
