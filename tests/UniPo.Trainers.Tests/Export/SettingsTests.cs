namespace UniPo.Tests.Export;

/// <summary>Settings of a trainer lead back to the algorithm that they make.</summary>
public class SettingsTests
{
    private static KeyValuePair<string, string>[] Settings(params string[] pairs) =>
        [.. pairs.Select(p => KeyValuePair.Create(p.Split('=')[0], p.Split('=')[1]))];

    [Theory]
    [InlineData(Framework.Trl, "DAPO", "loss_type=dapo", "epsilon_high=0.28")]
    [InlineData(Framework.Trl, "Dr. GRPO", "loss_type=dr_grpo", "scale_rewards=none")]
    [InlineData(Framework.Trl, "GRPO", "loss_type=grpo", "beta=0.04")]
    [InlineData(Framework.Trl, "CISPO", "loss_type=cispo", "epsilon_high=5")]
    [InlineData(Framework.Verl, "GSPO", "actor_rollout_ref.actor.policy_loss.loss_mode=gspo", "algorithm.adv_estimator=grpo")]
    [InlineData(Framework.Verl, "REINFORCE++", "algorithm.adv_estimator=reinforce_plus_plus", "algorithm.gamma=1.0")]
    public void The_nearest_algorithm_is_found(Framework trainer, string name, params string[] pairs)
    {
        var settings = Settings(pairs);
        Assert.Equal(trainer, TrainerSettings.TrainerOf(settings));
        Assert.Equal(name, TrainerSettings.Closest(trainer, settings)[0].Objective.Name);
    }

    [Fact]
    public void What_differs_is_said_with_both_values() =>
        Assert.Contains(
            TrainerSettings.Closest(Framework.Trl, Settings("loss_type=dapo", "scale_rewards=none"))[0].Different,
            d => d.Contains(" is ", StringComparison.Ordinal)
        );

    [Fact]
    public void A_setting_that_no_trainer_has_is_refused_by_name() =>
        Assert.Contains(
            "loss_typo",
            Assert.Throws<ArgumentException>(() => TrainerSettings.TrainerOf(Settings("loss_typo=dapo"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_algorithm_is_nearest_to_its_own_export()
    {
        foreach (var trainer in new[] { Framework.Trl, Framework.Verl, Framework.OpenRlhf })
        foreach (var algorithm in Algorithms.All.Where(a => a.RefusalsOf(trainer).Count == 0))
        {
            var export = ObjectiveExports.To(algorithm, trainer);
            var settings = export.Settings.Select(s => KeyValuePair.Create(s.Key, s.Text("True", "False", "None"))).ToArray();
            if (settings.Length > 0)
                Assert.Empty(TrainerSettings.Closest(trainer, settings)[0].Different);
        }
    }

    [Fact]
    public void An_objective_is_nearest_to_the_algorithm_it_was_made_from()
    {
        var difference = Algorithms.Closest(Algorithms.DrGrpo with { Clip = Clip.Symmetric(0.1) });
        Assert.Equal("Dr. GRPO", difference.First.Name);
        Assert.Equal(["trust region"], difference.Parts.Where(p => p.Differs).Select(p => p.Name));
    }
}
