using FsCheck;
using FsCheck.Fluent;
using UniPo.Numerics;

namespace UniPo.Tests;

/// <summary>
/// Formula, explanation and code say the same: objective, token term and weight, on random batches, clipped tokens included.
/// </summary>
public class FormulaProofTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(8);

    private static void ForAllBatches(Objective objective) =>
        Prop.ForAll<ulong, byte>(
                (seed, spread) =>
                {
                    var batch = RandomBatch.Of(seed, 0.02 + spread / 60.0);
                    FormulaProof.Holds(objective, batch);
                    ExplanationProof.Holds(objective, batch);
                }
            )
            .Check(Cases);

    public static TheoryData<string> Presets => [.. AllAlgorithms.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void The_formula_of_every_algorithm_gives_its_objective_and_its_weights(string name) =>
        ForAllBatches(AllAlgorithms.Named(name));

    public static TheoryData<string> Parts => [.. PartCases.All.Keys];

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_formula_of_every_part_is_what_its_code_does(string name) => ForAllBatches(PartCases.All[name]);

    [Fact]
    public void Every_part_of_the_library_writes_its_own_formula_and_is_proven_above()
    {
        Type[] kinds =
        [
            typeof(Advantage),
            typeof(Ratio),
            typeof(TrustRegion),
            typeof(Aggregation),
            typeof(Kl),
            typeof(KlEstimator),
            typeof(SamplerCorrection),
            typeof(PreferenceLoss),
            typeof(PairSelection),
            typeof(ResponseSelection),
        ];
        var library = typeof(Objective)
            .Assembly.GetTypes()
            .Where(t =>
                !t.IsAbstract && !t.Name.StartsWith("Written", StringComparison.Ordinal) && kinds.Any(k => k.IsAssignableFrom(t))
            )
            .Select(t => t.Name)
            .ToHashSet();
        var proven = PartCases.All.Values.SelectMany(PartsOf).ToHashSet();
        library.Remove(nameof(GivenCorrection)); // numbers that came with the batch: there is nothing to prove
        Assert.Equal([], library.Except(proven).Order());
    }

    private static IEnumerable<string> PartsOf(object part) =>
        part.GetType()
            .GetProperties()
            .Where(p =>
                p.GetIndexParameters().Length == 0
                && p.PropertyType.Namespace == "UniPo"
                && p.GetMethod!.IsStatic == false
                && !typeof(Formula).IsAssignableFrom(p.PropertyType)
            )
            .Select(p => p.GetValue(part))
            .OfType<object>()
            .SelectMany(PartsOf)
            .Append(part.GetType().Name);
}
