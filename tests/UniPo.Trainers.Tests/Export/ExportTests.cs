namespace UniPo.Tests.Export;

/// <summary>
/// Exports as a user meets them: known configurations, refusals with part and reason, traps, and text that can be pasted.
/// </summary>
public class ExportTests
{
    [Fact]
    public void Grpo_becomes_the_configuration_that_its_authors_objective_needs_in_TRL()
    {
        var export = Algorithms.Grpo.ToTrl();
        Assert.Equal("trl.GRPOConfig", export.Program);
        Assert.Equal("grpo", export["loss_type"]);
        Assert.Equal("group", export["scale_rewards"]);
        Assert.Equal(0.04, export["beta"]);
        Assert.Equal(0.2, export["epsilon"]);
        Assert.Contains(export.Warnings, w => w.Part == "advantage" && w.Text.Contains("1e-4", StringComparison.Ordinal));
    }

    [Fact]
    public void An_objective_with_the_trainers_own_conventions_differs_in_nothing() =>
        Assert.DoesNotContain(Algorithms.Grpo.AsIn(Framework.Trl).ToTrl().Warnings, w => w.Part == "advantage");

    [Fact]
    public void Verls_dual_clip_is_put_out_of_reach_unless_it_is_wanted()
    {
        Assert.Equal(1e9, Algorithms.Grpo.ToVerl()["actor_rollout_ref.actor.clip_ratio_c"]);
        Assert.Equal(3.0, Algorithms.Grpo.AsIn(Framework.Verl).ToVerl()["actor_rollout_ref.actor.clip_ratio_c"]);
    }

    [Fact]
    public void What_a_trainer_can_be_set_to_it_can_still_be_set_to_with_its_own_conventions()
    {
        var exported = 0;
        foreach (var preset in Algorithms.All.OfType<PolicyObjective>())
        foreach (
            var (framework, export) in new (Framework, Func<Objective, TrainerExport>)[]
            {
                (Framework.Trl, o => o.ToTrl()),
                (Framework.Verl, o => o.ToVerl()),
                (Framework.OpenRlhf, o => o.ToOpenRlhf()),
            }
        )
        {
            if (Refuses(preset, export))
                continue;
            Assert.False(Refuses(preset.AsIn(framework), export), $"{preset.Name} as in {framework}");
            exported++;
        }
        Assert.True(exported > 20, $"Only {exported} pairs of algorithm and trainer could be compared.");
    }

    private static bool Refuses(Objective objective, Func<Objective, TrainerExport> export)
    {
        try
        {
            export(objective);
            return false;
        }
        catch (ExportRefusedException)
        {
            return true;
        }
    }

    [Fact]
    public void The_dual_clip_of_verl_belongs_to_ratios_per_token()
    {
        Assert.Equal(Algorithms.Gspo.Clip, Algorithms.Gspo.AsIn(Framework.Verl).Clip);
        Assert.IsType<DualClip>(Algorithms.Grpo.AsIn(Framework.Verl).Clip);
    }

    [Fact]
    public void Verl_cuts_log_ratios_off_for_the_clip_but_not_for_the_covariance_rules()
    {
        Assert.Equal(20, Assert.IsType<TokenRatio>(Algorithms.Grpo.AsIn(Framework.Verl).Ratio).LogClamp);
        Assert.Equal(Algorithms.ClipCov.Ratio, Algorithms.ClipCov.AsIn(Framework.Verl).Ratio);
        Assert.Equal(Algorithms.KlCov.Ratio, Algorithms.KlCov.AsIn(Framework.Verl).Ratio);
    }

    [Fact]
    public void Leaving_out_responses_without_tokens_is_warned_of_for_every_mean_over_responses()
    {
        const CountedRows NonEmpty = CountedRows.NonEmpty;
        foreach (
            var aggregation in new Aggregation[]
            {
                new SequenceMean { Rows = NonEmpty },
                new SequenceSum { Rows = NonEmpty },
                new ConstantLength { Rows = NonEmpty },
            }
        )
        {
            var objective = Algorithms.Grpo with { Aggregation = aggregation, Kl = Kl.None };
            Assert.Contains(objective.ToVerl().Warnings, w => w.Text.Contains("fully masked", StringComparison.Ordinal));
            var sequences = aggregation is SequenceSum ? objective with { Ratio = Ratio.SequenceMean } : objective;
            Assert.Contains(
                sequences.ToTrl().Warnings,
                w => w.Text.Contains("without an active token", StringComparison.Ordinal)
            );
        }
        Assert.DoesNotContain(Algorithms.Grpo.ToVerl().Warnings, w => w.Text.Contains("fully masked", StringComparison.Ordinal));
    }

    [Fact]
    public void Luspo_with_KL_warns_of_the_padding_in_its_mean()
    {
        var luspo = Algorithms.Gspo with { Aggregation = Aggregation.SequenceSum };
        Assert.DoesNotContain(luspo.ToTrl().Warnings, w => w.Part == "KL");
        Assert.Contains(
            (luspo with { Kl = Kl.InLoss(0.1) }).ToTrl().Warnings,
            w => w.Part == "KL" && w.Text.Contains("6654", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Cispo_is_an_absolute_ratio_for_TRL_and_a_distance_from_1_for_verl()
    {
        Assert.Equal(5.0, Algorithms.Cispo.ToTrl()["epsilon_high"]);
        Assert.Contains(Algorithms.Cispo.ToTrl().Warnings, w => w.Text.Contains("absolute ratio", StringComparison.Ordinal));
        var verl = Algorithms.Cispo.ToVerl();
        Assert.Equal(
            (1.0, 4.0),
            ((double)verl["actor_rollout_ref.actor.clip_ratio_low"]!, (double)verl["actor_rollout_ref.actor.clip_ratio_high"]!)
        );
    }

    [Fact]
    public void Dr_grpo_without_a_constant_warns_of_the_padded_width()
    {
        Assert.Contains(Algorithms.DrGrpo.ToVerl().Warnings, w => w.Text.Contains("loss_scale_factor", StringComparison.Ordinal));
        var constant = Algorithms.DrGrpo with { Aggregation = Aggregation.Constant(1024) };
        Assert.Equal(1024, constant.ToVerl()["actor_rollout_ref.actor.loss_scale_factor"]);
        Assert.Equal(1024, constant.ToTrl()["max_completion_length"]);
    }

    [Fact]
    public void Gspo_in_verl_must_take_the_mean_per_response()
    {
        Assert.Equal("gspo", Algorithms.Gspo.ToVerl()["actor_rollout_ref.actor.policy_loss.loss_mode"]);
        AssertRefused(
            () => (Algorithms.Gspo with { Aggregation = Aggregation.TokenMean }).ToVerl(),
            "aggregation",
            "ignores loss_agg_mode"
        );
    }

    [Fact]
    public void What_a_trainer_cannot_compute_is_refused_with_the_part_and_the_reason()
    {
        AssertRefused(() => Algorithms.Trpo.ToVerl(), "step", "natural gradient");
        AssertRefused(() => Algorithms.KlCov.ToTrl(), "trust region", "covariance");
        AssertRefused(() => Algorithms.Grpo.ToOpenRlhf(), "aggregation", "token_level_loss");
        AssertRefused(() => Algorithms.Dpo.ToVerl(), "objective", "preference");
        AssertRefused(() => Algorithms.Ipo.ToTrl(), "loss", "divides each response's log-ratio by its length");
        AssertRefused(() => (Algorithms.Grpo with { Kl = Kl.InReward(0.1) }).ToTrl(), "KL", "in the loss only");
        AssertRefused(
            () =>
                (
                    Algorithms.Grpo with
                    {
                        Sampling = new() { Passes = 2 },
                        Ratio = Ratio.None,
                        Clip = Clip.None,
                    }
                ).ToTrl(),
            "ratio",
            "single step"
        );
        AssertRefused(
            () => (Algorithms.Dapo with { Aggregation = new GroupTokenMean() }).ToTrl(),
            "aggregation",
            "mean over prompts"
        );
    }

    [Fact]
    public void Refusals_can_be_asked_for_without_an_exception()
    {
        Assert.Empty(Algorithms.Grpo.RefusalsOf(Framework.Trl));
        Assert.NotEmpty(Algorithms.Trpo.RefusalsOf(Framework.Trl));
        Assert.Throws<ArgumentOutOfRangeException>(() => Algorithms.Grpo.RefusalsOf(Framework.Oat));
    }

    public static TheoryData<string> Names => [.. AllAlgorithms.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_algorithm_is_exported_or_refused_by_every_trainer_in_lines_that_fit(string name)
    {
        var objective = AllAlgorithms.Named(name);
        foreach (var framework in new[] { Framework.Trl, Framework.Verl, Framework.OpenRlhf })
        {
            var refusals = objective.RefusalsOf(framework);
            Assert.All(
                refusals,
                r => Assert.True(r.Part.Length > 0 && r.Reason.EndsWith('.') | r.Reason.EndsWith(')'), r.ToString())
            );
            if (refusals.Count > 0)
                continue;
            var export = framework switch
            {
                Framework.Trl => objective.ToTrl(),
                Framework.Verl => objective.ToVerl(),
                _ => objective.ToOpenRlhf(),
            };
            Assert.Equal(export.Settings.Count, export.Settings.Select(s => s.Key).Distinct().Count());
            Assert.All(export.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        }
    }

    [Fact]
    public void An_unknown_setting_is_named_with_those_that_exist() =>
        Assert.Contains(
            "epsilon",
            Assert.Throws<KeyNotFoundException>(() => Algorithms.Grpo.ToTrl()["clip"]).Message,
            StringComparison.Ordinal
        );

    private static void AssertRefused(Action export, string part, string reason)
    {
        var refused = Assert.Throws<ExportRefusedException>(export);
        Assert.Contains(refused.Refusals, r => r.Part == part && r.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }
}
