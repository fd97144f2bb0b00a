using System.Reflection;
using FsCheck;
using FsCheck.Fluent;

namespace UniPo.Tests;

public class AlgorithmsTests
{
    public static TheoryData<string> Names => [.. Algorithms.All.Select(a => a.Name)];

    public static TheoryData<string, Framework> NamesInFrameworks
    {
        get
        {
            var data = new TheoryData<string, Framework>();
            foreach (var algorithm in Algorithms.All.OfType<PolicyObjective>())
            foreach (var framework in Enum.GetValues<Framework>())
                data.Add(algorithm.Name, framework);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_carries_its_source_and_reason(string name)
    {
        var algorithm = Algorithms.Named(name);
        Assert.InRange(algorithm.Year, 1992, 2026);
        Assert.NotEmpty(algorithm.Paper);
        Assert.EndsWith(".", algorithm.Why);
        Assert.DoesNotContain(". ", algorithm.Why, StringComparison.Ordinal); // one sentence
    }

    [Fact]
    public void The_table_holds_every_algorithm_that_has_a_property()
    {
        var properties = typeof(Algorithms)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType.IsAssignableTo(typeof(Objective)))
            .Select(p => (Objective)p.GetValue(null)!);
        Assert.Equal(properties.Select(p => p.Name).Order(), Algorithms.All.Select(a => a.Name).Order());
        Assert.Equal(23, Algorithms.All.Count);
    }

    [Theory]
    [InlineData("dr grpo", "Dr. GRPO")]
    [InlineData("REINFORCE++", "REINFORCE++")]
    [InlineData("clipcov", "Clip-Cov")]
    public void Names_are_found_however_they_are_spelt(string spelt, string name) =>
        Assert.Equal(name, Algorithms.Named(spelt).Name);

    [Fact]
    public void An_unknown_name_lists_the_known_ones() =>
        Assert.Contains(
            "GRPO, DAPO, Dr. GRPO",
            Assert.Throws<ArgumentException>(() => Algorithms.Named("gpro")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Dapo_is_grpo_with_four_parts_changed() =>
        Assert.Equal<Objective>(
            Algorithms.Dapo,
            Algorithms.Grpo with
            {
                Clip = new Clip(low: 0.2, high: 0.28),
                Aggregation = Aggregation.TokenMean,
                Kl = Kl.None,
                Filters = new() { DropTruncated = true },
                Sampling = new() { RefillSilentGroups = true },
            }
        );

    [Fact]
    public void Dr_grpo_is_grpo_with_three_parts_changed() =>
        Assert.Equal<Objective>(
            Algorithms.DrGrpo,
            Algorithms.Grpo with
            {
                Advantage = new GroupMean(),
                Aggregation = new ConstantLength(),
                Kl = Kl.None,
            }
        );

    [Fact]
    public void Objectives_that_do_different_things_are_not_equal()
    {
        Assert.NotEqual<Objective>(Algorithms.Grpo, Algorithms.Grpo with { Clip = Clip.Symmetric(0.1) });
        Assert.NotEqual<Objective>(Algorithms.Grpo, Algorithms.Dapo);
        Assert.NotEqual<Objective>(Algorithms.Trpo, Algorithms.Trpo with { Step = StepRule.Gradient });
        Assert.Equal<Objective>(Algorithms.Grpo, Algorithms.Grpo with { Name = "mine" });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_weight_of_each_is_its_numerical_derivative(string name) =>
        Prop.ForAll<ulong>(seed => Derivative.AgreesWithWeight(Algorithms.Named(name), RandomBatch.Of(seed, 0.3)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Theory]
    [MemberData(nameof(NamesInFrameworks))]
    public void The_weight_of_each_in_each_framework_is_its_numerical_derivative(string name, Framework framework) =>
        Prop.ForAll<ulong>(seed =>
                Derivative.AgreesWithWeight(((PolicyObjective)Algorithms.Named(name)).AsIn(framework), RandomBatch.Of(seed, 0.3))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(4));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_report_holds_a_number_that_is_not_finite(string name)
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            var report = Algorithms.Named(name).Evaluate(RandomBatch.Of(seed, seed % 2 == 0 ? 200 : 3));
            Assert.True(double.IsFinite(report.Summary.Objective));
            foreach (
                var column in new[]
                {
                    report.Weight,
                    report.Advantage,
                    report.Ratio,
                    report.Kl,
                    report.TokenObjective,
                    report.AggregationWeight,
                    report.EntropyWeight,
                    report.ValueWeight,
                }
            )
                Assert.All(column?.Values.ToArray() ?? [], v => Assert.True(double.IsFinite(v), $"seed {seed}: {v}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Micro_batches_of_each_add_up_to_the_whole(string name)
    {
        if (
            Algorithms.Named(name)
            is PolicyObjective { Clip: ClipCov or KlCov }
                or PolicyObjective { Aggregation: MicroBatchTokenMean }
        )
            return; // they look at the batch at hand
        var (objective, batch) = (Algorithms.Named(name), RandomBatch.Of(11, 0.3));
        var credited = objective.Credit(batch);
        TokenReport[] parts =
        [
            .. Enumerable
                .Range(0, batch.Layout.Groups)
                .Select(g =>
                    objective.Evaluate(
                        credited.MicroBatch([.. Enumerable.Range(batch.Layout.GroupStarts[g], batch.Layout.GroupSize(g))])
                    )
                ),
        ];
        Assert.Equal(objective.Evaluate(credited).Summary.Objective, parts.Sum(p => p.Summary.Objective), 10);
        Assert.Equal(
            objective.Evaluate(credited).Weight.Values.ToArray(),
            parts.SelectMany(p => p.Weight.Values.ToArray()),
            (a, b) => Math.Abs(a - b) < 1e-12
        );
    }
}
