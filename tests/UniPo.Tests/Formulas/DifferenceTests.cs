using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>Differences between objectives: named part by part, marked in both formulas, and shown in numbers.</summary>
public class DifferenceTests
{
    private static readonly PolicyObjective _second = Algorithms.Grpo with
    {
        Name = "wider, flatter GRPO",
        Clip = new Clip(0.2, 0.28),
        Aggregation = Aggregation.TokenMean,
        Kl = Kl.None,
    };

    [Fact]
    public void Only_the_parts_that_differ_are_listed() =>
        Assert.Equal(["trust region", "aggregation", "KL"], Algorithms.Grpo.Against(_second).Differences.Select(p => p.Name));

    [Fact]
    public void Whether_an_advantage_belongs_to_a_token_or_a_response_is_a_difference_of_the_advantage_alone()
    {
        var difference = Algorithms.Grpo.Against(Algorithms.Ppo);
        var region = difference.Parts.Single(p => p.Name == "trust region");
        Assert.Contains("A_it", region.Second!.Line!.Right, StringComparison.Ordinal);
        Assert.DoesNotContain("A_it", region.First!.Line!.Right, StringComparison.Ordinal);
        Assert.False(region.Differs);
        Assert.Contains("advantage", difference.Differences.Select(p => p.Name));
        Assert.True(Algorithms.Grpo.Against(Algorithms.Gspo).Parts.Single(p => p.Name == "ratio").Differs);
    }

    [Fact]
    public void An_objective_differs_in_nothing_from_itself_under_another_name()
    {
        var difference = Algorithms.Grpo.Against(Algorithms.Grpo with { Name = "the same" });
        Assert.True(difference.IsEmpty);
        Assert.Empty(difference.Differences);
        Assert.DoesNotContain(difference.Lines, l => l.Differs);
    }

    [Fact]
    public void Every_pair_of_named_algorithms_that_is_not_equal_differs_somewhere_and_shows_it()
    {
        foreach (var a in AllAlgorithms.Names.Select(AllAlgorithms.Named))
        foreach (var b in AllAlgorithms.Names.Select(AllAlgorithms.Named))
        {
            var difference = a.Against(b);
            Assert.Equal(difference.IsEmpty, !difference.Differences.Any());
            Assert.All(difference.ToString().Split('\n'), line => Assert.InRange(TextLayout.Columns(line), 0, 100));
        }
    }

    [Fact]
    public void A_changed_bound_is_marked_alone()
    {
        var line = Algorithms.Grpo.Against(Algorithms.Grpo with { Clip = Clip.Symmetric(0.3) }).Lines.Single(l => l.Differs);
        Assert.Equal("1/N Σ_i 1/n_i Σ_t [min(r_it·A_i, clip(r_it, 1 − ⟦ε⟧, 1 + ⟦ε⟧)·A_i) − β·k_it]", line.First!.Right);
    }

    [Fact]
    public void A_denominator_is_marked_and_the_rest_of_the_sum_is_not()
    {
        var line = Algorithms
            .Grpo.Against(Algorithms.Grpo with { Aggregation = Aggregation.TokenMean })
            .Differences.Single()
            .Line!;
        Assert.Equal("1/⟦N⟧ Σ_i ⟦1/n_i⟧ Σ_t f_it", line.First!.Right);
        Assert.Equal("1 / (⟦Σ_i n_i⟧) Σ_i Σ_t f_it", line.Second!.Right);
    }

    [Fact]
    public void On_a_batch_both_numbers_stand_beside_each_other_for_every_token()
    {
        var batch = RandomBatch.Of(7);
        var contrast = Algorithms.Grpo.Against(_second).On(batch);
        var (first, second) = (Algorithms.Grpo.Evaluate(batch), _second.Evaluate(batch));
        Assert.Equal(first.Weight.Values.ToArray(), contrast.Tokens.Select(t => t.First));
        Assert.Equal(second.Weight.Values.ToArray(), contrast.Tokens.Select(t => t.Second));
        Assert.All(contrast.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Twice_the_step_is_the_same_direction()
    {
        var contrast = Algorithms
            .Reinforce.Against(Algorithms.Reinforce with { Aggregation = new TokenSum { Scale = 2 } })
            .On(RandomBatch.Of(3));
        Assert.Equal(1, contrast.Cosine!.Value, 12);
        Assert.Equal(1, contrast.Agreement);
    }
}
