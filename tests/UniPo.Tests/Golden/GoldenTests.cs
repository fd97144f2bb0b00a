using Xunit.Abstractions;

namespace UniPo.Tests.Golden;

/// <summary>Every number of the golden vectors, computed again by this library.</summary>
/// <remarks>UNIPO_GOLDEN names another folder of the same format.</remarks>
public class GoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. GoldenFolder.Current.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_case_agrees_with_the_program_that_made_it(string file)
    {
        var table = GoldenTable.Of(file);
        output.WriteLine(table.ToString());
        Assert.True(
            table.Failures.Count == 0,
            $"{table.Failures.Count} of {table.Cases} cases of {file} differ:{Environment.NewLine}{string.Join(Environment.NewLine, table.Failures.Take(12))}"
        );
    }

    [Fact]
    public void At_least_95_percent_of_all_cases_are_compared()
    {
        var tables = GoldenFolder.Current.Files.Select(GoldenTable.Of).ToArray();
        output.WriteLine(GoldenTable.Print(tables));
        if (GoldenFolder.Current.IsDefault) // another folder may hold any part of the vectors
            Assert.True(tables.Sum(t => t.Compared) >= 0.95 * tables.Sum(t => t.Cases));
    }

    [Fact]
    public void The_repository_holds_every_file()
    {
        string[] files =
        [
            "batches.json",
            "dpo.json",
            "oat_drgrpo_gmpo.json",
            "openrlhf_advantages.json",
            "openrlhf_losses.json",
            "remax_trpo.json",
            "skyrl.json",
            "trl_advantages.json",
            "trl_loss_bnpo.json",
            "trl_loss_cispo.json",
            "trl_loss_dapo.json",
            "trl_loss_dr_grpo.json",
            "trl_loss_grpo.json",
            "trl_loss_other.json",
            "trl_loss_rloo.json",
            "trl_mask_truncated.json",
            "trl_ppo.json",
            "verl_advantages.json",
            "verl_kl_agg_value.json",
            "verl_loss_cispo_gpg_reinforce.json",
            "verl_loss_cov.json",
            "verl_loss_dppo_dro.json",
            "verl_loss_gspo_gmpo_sapo.json",
            "verl_loss_vanilla.json",
            "verl_old_changed.json",
            "verl_ppo_total_loss.json",
        ];
        Assert.Equal(
            files,
            Directory.GetFiles(GoldenFolder.Default, "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("verl_loss_vanilla.json", """{"loss_mode":"made_up","loss_agg_mode":"token-mean","loss":1}""", "made_up")]
    [InlineData("verl_loss_vanilla.json", """{"loss_mode":"made_up","loss_agg_mode":"token-mean","loss":"NaN"}""", "made_up")]
    [InlineData("verl_loss_vanilla.json", """{"loss_mode":"vanilla","loss_agg_mode":"made_up","loss":1}""", "made_up")]
    [InlineData("verl_loss_vanilla.json", """{"loss_mode":"vanilla","config":{"made_up":2},"loss":1}""", "setting 'made_up'")]
    [InlineData(
        "verl_ppo_total_loss.json",
        """{"loss_agg_mode":"token-mean","kl_loss_type":"k3","loss":1}""",
        "no 'entropy_coeff'"
    )]
    [InlineData("verl_advantages.json", """{"estimator":"made_up","rewards":"dense_rewards"}""", "made_up")]
    [InlineData("trl_loss_other.json", """{"config":{"loss_type":"made_up"},"advantages":[1],"loss":1}""", "made_up")]
    [InlineData(
        "trl_loss_other.json",
        """{"config":{"loss_type":"vespo","vespo_made_up":2},"loss":1}""",
        "setting 'vespo_made_up'"
    )]
    [InlineData("skyrl.json", """{"what":"made_up","loss_reduction":"token_mean","loss":1}""", "made_up")]
    [InlineData("skyrl.json", """{"what":"regular","config":{"use_made_up":true},"loss":1}""", "setting 'use_made_up'")]
    [InlineData("skyrl.json", """{"what":"cispo","loss_reduction":"token_mean","config":{"cispo":{"made_up":1}}}""", "'made_up'")]
    [InlineData("openrlhf_losses.json", """{"what":"made_up"}""", "made_up")]
    [InlineData(
        "dpo.json",
        """{"impl":"made_up","loss_type":"made_up","config":{"beta":0.1}}""",
        "the case has no 'chosen_logps'"
    )]
    [InlineData("made_up.json", "{}", "no mapping")]
    public void A_case_without_a_mapping_fails_and_says_why(string file, string text, string reason)
    {
        var batch = GoldenFolder.Current.Batches.Keys.First();
        var json = text == "{}" ? "{}" : $"{{\"batch\":\"{batch}\",{text[1..]}";
        var table = GoldenTable.Compare(file, GoldenFolder.Parse(file, $"{{\"cases\":[{json}]}}"));
        Assert.Contains(reason, Assert.Single(table.Failures), StringComparison.Ordinal);
        Assert.Contains(nameof(NotCoveredException), table.Failures[0], StringComparison.Ordinal);
    }
}
