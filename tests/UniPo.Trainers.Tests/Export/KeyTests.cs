namespace UniPo.Tests.Export;

/// <summary>Every key and value of an export is one that the named version of the trainer has and accepts.</summary>
public class KeyTests
{
    private static readonly Framework[] _trainers = [Framework.Trl, Framework.Verl, Framework.OpenRlhf];

    [Fact]
    public void A_table_of_keys_holds_each_key_of_a_program_once_with_a_type_that_is_known()
    {
        foreach (var trainer in _trainers)
        {
            var keys = TrainerKeys.Of(trainer);
            Assert.True(keys.Count > 20, $"{trainer}: {keys.Count} keys");
            Assert.Equal(keys.Count, keys.Select(k => (k.Program, k.Key)).Distinct().Count());
            Assert.All(
                keys,
                k => Assert.Contains(k.Type.TrimEnd('?'), new[] { "bool", "int", "float", "floats", "text", "texts", "bounds" })
            );
            Assert.All(
                keys.Where(k => k.Type.StartsWith("text", StringComparison.Ordinal) && k.Allowed.Length > 0),
                k => Assert.True(k.Accepts(k.Allowed.Split('|')[0]))
            );
        }
    }

    public static TheoryData<string> Names => [.. AllAlgorithms.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_of_every_export_is_in_the_table_and_within_what_it_allows(string name)
    {
        foreach (var objective in new[] { AllAlgorithms.Named(name) })
        foreach (var trainer in _trainers.Where(t => objective.RefusalsOf(t).Count == 0))
        {
            var export = Export(objective, trainer);
            Assert.All(
                export.Settings,
                s => Assert.True(TrainerKeys.Find(trainer, export.Program, s.Key)!.Accepts(s.Value), s.ToString())
            );
            Assert.Contains(
                export.CheckedAgainst,
                export.ToString().Replace("\n# ", " ", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }
        Assert.DoesNotContain(_trainers.SelectMany(t => AllAlgorithms.Named(name).RefusalsOf(t)), r => r.Part == "trainer");
    }

    private static TrainerExport Export(Objective objective, Framework trainer) =>
        trainer switch
        {
            Framework.Trl => objective.ToTrl(),
            Framework.Verl => objective.ToVerl(),
            _ => objective.ToOpenRlhf(),
        };

    [Theory]
    [InlineData("float", ">1", 1.0, false)]
    [InlineData("float", ">1", 3.0, true)]
    [InlineData("float", "", double.PositiveInfinity, false)]
    [InlineData("int", ">0", 5.0, false)]
    [InlineData("int", ">0", 5, true)]
    [InlineData("text", "a|b", "c", false)]
    [InlineData("bounds", "", "0_5", false)]
    [InlineData("bounds", "", "0.5_5", true)]
    [InlineData("float?", "", null, true)]
    [InlineData("float", "", null, false)]
    public void A_value_outside_of_what_the_trainer_accepts_is_seen(string type, string allowed, object? value, bool accepted) =>
        Assert.Equal(accepted, new TrainerKey("*", "key", type, allowed, "", "").Accepts(value));

    [Fact]
    public void Dapo_reaches_verl_with_its_soft_overlong_penalty_and_says_what_that_replaces()
    {
        var paper = Algorithms.Dapo.ToVerl();
        Assert.Equal("dapo", paper["reward.reward_manager.name"]);
        Assert.Equal(4096, paper["reward.reward_kwargs.overlong_buffer_cfg.len"]);
        Assert.Contains(
            paper.Warnings,
            w => w.Part == "filters" && w.Text.Contains("cannot mask truncated", StringComparison.Ordinal)
        );
        Assert.Equal("score", paper["algorithm.filter_groups.metric"]);
        Assert.Equal(4, paper["algorithm.filter_groups.max_inflight_gen_batches"]);
        Assert.DoesNotContain(paper.Settings, s => s.Key.Contains("max_num_gen_batches", StringComparison.Ordinal));
        var own = (
            Algorithms.Dapo with
            {
                Sampling = Algorithms.Dapo.Sampling with
                {
                    Overlong = new() { Buffer = 64, Factor = 0.5 },
                },
            }
        ).ToVerl();
        Assert.Equal(64, own["reward.reward_kwargs.overlong_buffer_cfg.len"]);
        Assert.Equal(0.5, own["reward.reward_kwargs.overlong_buffer_cfg.penalty_factor"]);
    }

    [Fact]
    public void Gdpo_in_verl_names_its_rewards_and_keeps_their_weights()
    {
        var export = (
            Algorithms.Grpo with
            {
                Kl = Kl.None,
                Advantage = new NormalizedRewardSum { Whiten = new(), Weights = new RewardWeights(1, 0.5) },
            }
        ).ToVerl();
        Assert.Equal(["reward_1", "reward_2"], (string[])export["algorithm.gdpo_reward_keys"]!);
        Assert.Equal([1, 0.5], (double[])export["algorithm.gdpo_reward_weights"]!);
        Assert.Contains("gdpo_reward_keys: [\"reward_1\", \"reward_2\"]", export.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Remax_in_verl_asks_for_the_trainer_that_has_its_baseline() =>
        Assert.Equal(false, Algorithms.ReMax.ToVerl()["trainer.use_v1"]);

    [Fact]
    public void A_sequence_token_objective_of_TRL_takes_its_configuration_from_where_it_is()
    {
        var export = (Algorithms.Gspo with { Ratio = new SequenceTokenRatio() }).ToTrl();
        Assert.Equal("trl.GRPOConfig", export.Program);
        Assert.Contains(
            export.Warnings,
            w => w.Text.Contains("from trl.experimental.gspo_token import GRPOTrainer", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Ppo_for_TRL_says_that_the_trainer_is_gone_after_1_10() =>
        Assert.Contains(Algorithms.Ppo.ToTrl().Warnings, w => w.Text.Contains("7020", StringComparison.Ordinal));

    [Fact]
    public void A_mask_without_lower_bound_has_a_positive_one_for_verl()
    {
        var export = (
            Algorithms.Grpo with
            {
                Kl = Kl.None,
                Correction = new MaskedCorrection { Low = 0, High = 5 },
            }
        ).ToVerl();
        Assert.Equal("0.000000001_5", export["algorithm.rollout_correction.rollout_is_threshold"]);
    }

    [Fact]
    public void Infinity_never_stands_in_a_configuration()
    {
        var objective = Algorithms.Grpo with
        {
            Kl = Kl.None,
            Correction = new TruncatedCorrection { High = double.PositiveInfinity },
        };
        foreach (var export in new[] { objective.ToTrl(), objective.ToVerl() })
        {
            Assert.DoesNotContain("Infinity", export.ToString(), StringComparison.Ordinal);
            Assert.All(export.Settings, s => Assert.False(s.Value is double v && double.IsInfinity(v), s.ToString()));
        }
    }
}
