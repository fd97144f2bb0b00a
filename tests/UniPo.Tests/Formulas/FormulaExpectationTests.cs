using System.Text;

namespace UniPo.Tests;

/// <summary>
/// How every formula reads, pinned in files that a person can check against the paper: text, LaTeX, and what each letter means.
/// </summary>
public class FormulaExpectationTests
{
    public static TheoryData<string> Names => [.. AllAlgorithms.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_formula_of_every_algorithm_reads_as_in_its_file(string name)
    {
        var algorithm = AllAlgorithms.Named(name);
        Expectation.Matches("Formulas", name, Written($"{algorithm.Name}\n\n{algorithm.Paper}", algorithm.Formula));
    }

    [Theory]
    [InlineData(nameof(Algorithms.Grpo), Framework.Verl)]
    [InlineData(nameof(Algorithms.Gspo), Framework.SkyRl)]
    [InlineData(nameof(Algorithms.Rloo), Framework.Trl)]
    [InlineData(nameof(Algorithms.Ppo), Framework.OpenRlhf)]
    public void The_formula_of_a_framework_reads_as_in_its_file(string name, Framework framework)
    {
        var objective = ((PolicyObjective)AllAlgorithms.Named(name)).AsIn(framework);
        Expectation.Matches("Formulas", $"{name}In{framework}", Written(objective.Name, objective.Formula));
    }

    [Theory]
    [InlineData("BestOfN")]
    [InlineData("Hinge")]
    [InlineData("Composed")]
    public void The_formula_of_an_objective_that_a_user_composes_reads_as_in_its_file(string name) =>
        Expectation.Matches("Formulas", "User" + name, Written(name, Composed(name).Formula));

    [Fact]
    public void Every_file_belongs_to_a_formula() =>
        Assert.Equal(
            [
                .. AllAlgorithms
                    .Names.Concat([
                        "GrpoInVerl",
                        "GspoInSkyRl",
                        "RlooInTrl",
                        "PpoInOpenRlhf",
                        "UserBestOfN",
                        "UserHinge",
                        "UserComposed",
                    ])
                    .Order(StringComparer.Ordinal),
            ],
            Expectation.Names("Formulas").Order(StringComparer.Ordinal)
        );

    private static Objective Composed(string name) =>
        name switch
        {
            "BestOfN" => Algorithms.RejectionSampling with
            {
                Selection = ResponseSelection.BestOfN,
                Aggregation = Aggregation.SequenceMean,
            },
            "Hinge" => Algorithms.Dpo with
            {
                Loss = new HingeLoss { Beta = 0.1 },
                Pairs = PairSelection.EveryPair,
            },
            _ => Algorithms.Grpo with
            {
                Advantage = new LeaveOneOut { Whiten = new() },
                Ratio = Ratio.SequenceProduct,
                Clip = new DualClip(0.2, 0.28, 3),
                Aggregation = new GroupTokenMean(),
                Kl = Kl.InLoss(0.1, KlEstimator.K2) with { Aggregation = Aggregation.TokenMean },
                Entropy = new() { Coefficient = 0.01 },
                Filters = new() { TopEntropy = 0.2 },
                Correction = new TruncatedCorrection(),
            },
        };

    private static string Written(string title, Formula formula)
    {
        var text = new StringBuilder($"# {title}\n\n```text\n{formula}\n```\n\n```math\n{formula.ToLatex()}\n```\n\n");
        foreach (var line in formula.Lines.Concat(formula.Constraints))
            text.Append($"- {line.Left}: {line.Meaning}\n");
        foreach (var symbol in formula.Symbols)
            text.Append($"- {symbol}\n");
        return text.ToString();
    }
}
