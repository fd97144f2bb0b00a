using UniPo.Tests.Golden;
using Xunit.Abstractions;

namespace UniPo.Tests.Export;

/// <summary>
/// Every golden configuration goes round: settings of a trainer → objective (by the mapping that reproduces the trainer's numbers
/// to 1e-9) → exported settings → objective again. What comes back must be equal, or the export must have been refused for a
/// reason named here.
/// </summary>
public class RoundTripTests(ITestOutputHelper output)
{
    private static readonly Dictionary<
        string,
        Func<GoldenCase, (PolicyObjective Objective, Func<TrainerExport, PolicyObjective> Back)?>
    > _ways = new()
    {
        ["trl_loss_grpo.json"] = Trl,
        ["trl_loss_bnpo.json"] = Trl,
        ["trl_loss_dr_grpo.json"] = Trl,
        ["trl_loss_dapo.json"] = Trl,
        ["trl_loss_cispo.json"] = Trl,
        ["trl_loss_other.json"] = Trl,
        ["trl_loss_rloo.json"] = Trl,
        ["verl_loss_vanilla.json"] = Verl,
        ["verl_loss_cispo_gpg_reinforce.json"] = Verl,
        ["verl_loss_cov.json"] = Verl,
        ["verl_loss_dppo_dro.json"] = Verl,
        ["verl_loss_gspo_gmpo_sapo.json"] = Verl,
        ["openrlhf_losses.json"] = OpenRlhf,
    };

    public static TheoryData<string> Files => [.. _ways.Keys];

    // Why an objective of the vectors cannot be set from outside: a trainer's function can do it, its configuration cannot.
    private static readonly Dictionary<string, string[]> _knownRefusals = new()
    {
        ["verl_loss_vanilla.json"] = ["aggregation"], // a token sum times the number of machines
        ["verl_loss_cispo_gpg_reinforce.json"] = ["correction"], // factors given with the batch
        ["openrlhf_losses.json"] = ["aggregation"], // token_level_loss = False has no argument
        ["trl_loss_other.json"] = ["ratio", "aggregation"], // on-policy shortcut with a sequence ratio; luspo with a token ratio
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Settings_that_become_an_objective_become_the_same_settings_again(string file)
    {
        int same = 0,
            refused = 0;
        foreach (var golden in GoldenFolder.Current.Read(file))
        {
            if (_ways[file](golden) is not { } way)
                continue;
            TrainerExport export;
            try
            {
                export = Export(file, way.Objective);
            }
            catch (ExportRefusedException refusal)
            {
                Assert.Equal(
                    [],
                    refusal
                        .Refusals.Select(r => r.ToString())
                        .Where(r =>
                            !_knownRefusals
                                .GetValueOrDefault(file, [])
                                .Any(known => r.StartsWith(known, StringComparison.Ordinal))
                        )
                );
                refused++;
                continue;
            }
            var back = way.Back(export);
            Assert.True(
                way.Objective.Equals(back with { Name = way.Objective.Name }),
                $"{golden}\nwas\n{way.Objective}\ncame back as\n{back}\nby\n{export}"
            );
            same++;
        }
        output.WriteLine($"{file}: {same} went round, {refused} refused");
        Assert.True(same > refused, $"{file}: only {same} of {same + refused} configurations can be exported.");
    }

    private static TrainerExport Export(string file, PolicyObjective objective) =>
        file.StartsWith("trl", StringComparison.Ordinal) ? objective.ToTrl()
        : file.StartsWith("verl", StringComparison.Ordinal) ? objective.ToVerl()
        : objective.ToOpenRlhf();

    private static (PolicyObjective, Func<TrainerExport, PolicyObjective>)? Trl(GoldenCase golden)
    {
        var config = golden.Inside("config");
        var objective = TrlLosses.Objective(golden, config);
        if (golden.TextOrNull("trainer") == "rloo")
            objective = objective with { Advantage = TrlAdvantages.Rloo(config) };
        else
            objective = objective with
            {
                Advantage = config.TextOrNull("scale_rewards") is "group" or "batch" or "none"
                    ? TrlAdvantages.Grpo(config)
                    : new GroupMeanStd { Epsilon = 1e-4 },
            };
        // The shortcut for fresh responses is TRL's own decision; what is exported is a ratio per token.
        if (objective.Ratio is TokenRatio { OnPolicy: true })
            objective = objective with { Ratio = Ratio.Token };
        return (objective, ReadBack.Trl);
    }

    private static (PolicyObjective, Func<TrainerExport, PolicyObjective>)? Verl(GoldenCase golden)
    {
        var objective = VerlLosses.Objective(golden) with { Advantage = new GroupMeanStd { Lone = LoneResponse.Reward } };
        return (Plain(objective), export => Plain(ReadBack.Verl(export, golden) with { Advantage = objective.Advantage }));
    }

    // The order in which candidates are dropped is a draw, not a setting.
    private static PolicyObjective Plain(PolicyObjective objective) =>
        objective.Clip is ClipCov clip ? objective with { Clip = clip with { Order = null } } : objective;

    private static (PolicyObjective, Func<TrainerExport, PolicyObjective>)? OpenRlhf(GoldenCase golden)
    {
        if (golden.Text("what") != "PolicyLoss")
            return null;
        var objective = Golden.OpenRlhf.Objective(golden.Inside("config")) with
        {
            Advantage = new GroupMeanStd { Epsilon = 1e-9 },
        };
        return (objective, export => ReadBack.OpenRlhf(export) with { Advantage = objective.Advantage });
    }

    [Fact]
    public void Advantages_of_verl_go_round()
    {
        var count = 0;
        foreach (
            var golden in GoldenFolder
                .Current.Read("verl_advantages.json")
                .Where(c => c.Text("estimator") != "optimal_token_baseline")
        )
        {
            var advantage = Lone(
                VerlAdvantages.Estimator(golden) is GroupMeanStd s ? s with { Epsilon = 1e-6 } : VerlAdvantages.Estimator(golden)
            );
            var export = new PolicyObjective
            {
                Name = "verl",
                Advantage = advantage,
                Clip = Clip.Symmetric(0.2),
            }.ToVerl();
            Assert.Equal(advantage, Lone(ReadBack.VerlAdvantage(export)));
            count++;
        }
        output.WriteLine($"verl_advantages.json: {count} went round");
        Assert.True(count > 90);
    }

    // With several responses a prompt the rule for a lone one is never asked for.
    private static Advantage Lone(Advantage advantage) =>
        advantage is GroupAdvantage group ? group with { Lone = LoneResponse.Zero } : advantage;

    [Fact]
    public void Advantages_of_OpenRLHF_go_round()
    {
        var count = 0;
        foreach (var golden in GoldenFolder.Current.Read("openrlhf_advantages.json").Where(c => c.Text("what") == "advantages"))
        {
            var advantage = Golden.OpenRlhf.Estimator(golden, golden.Inside("config"));
            var export = new PolicyObjective
            {
                Name = "OpenRLHF",
                Advantage = advantage,
                Clip = Clip.Symmetric(0.2),
            }.ToOpenRlhf();
            Assert.Equal(advantage, ReadBack.OpenRlhfAdvantage(export));
            count++;
        }
        output.WriteLine($"openrlhf_advantages.json: {count} went round");
        Assert.True(count > 80);
    }

    [Fact]
    public void Advantages_of_TRL_go_round()
    {
        var count = 0;
        foreach (var golden in GoldenFolder.Current.Read("trl_advantages.json"))
        {
            var (config, rloo) = (golden.Inside("config"), golden.Text("trainer") == "rloo");
            OutcomeAdvantage advantage = rloo ? TrlAdvantages.Rloo(config) : TrlAdvantages.Grpo(config);
            var ratio = rloo ? (Ratio)Ratio.SequenceProduct : Ratio.Token;
            var export = new PolicyObjective
            {
                Name = "TRL",
                Advantage = advantage,
                Ratio = ratio,
                Clip = Clip.Symmetric(0.2),
                Aggregation = Aggregation.SequenceMean,
            }.ToTrl();
            Assert.Equal(advantage, ReadBack.Trl(export).Advantage);
            count++;
        }
        output.WriteLine($"trl_advantages.json: {count} went round");
        Assert.True(count > 60);
    }

    [Fact]
    public void Preference_losses_of_TRL_go_round()
    {
        var count = 0;
        foreach (
            var golden in GoldenFolder
                .Current.Read("dpo.json")
                .Where(c =>
                    c.TextOrNull("impl") == "trl" && c.Text("loss_type") is not ("bco_pair" or "aot" or "aot_unpaired" or "sft")
                )
        )
        {
            var config = golden.Inside("config");
            if (config.Has("ld_alpha") || config.Has("use_weighting"))
                continue;
            var loss = Preferences.Loss("trl", golden.Text("loss_type"), config);
            var export = new PreferenceObjective { Name = "TRL", Loss = loss }.ToTrl();
            var back = ReadBack.Case(export.Settings.Select(s => KeyValuePair.Create(s.Key, s.Value)));
            Assert.Equal(loss, Preferences.Loss("trl", (string)export["loss_type"]!, back));
            Assert.Equal(golden.Text("loss_type"), export["loss_type"]);
            count++;
        }
        output.WriteLine($"dpo.json: {count} of TRL went round");
        Assert.True(count > 30);
    }
}
