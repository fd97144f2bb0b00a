namespace UniPo.Tests;

/// <summary>
/// How a token's own numbers read in the formula: clipped and free tokens, pairs and imitation, pinned in files.
/// </summary>
public class TokenValueExpectationTests
{
    /// <summary>
    /// Two prompts. At the first, the right answer "ab" has a token that rose too far and one that fell, the wrong one "cde" the
    /// other way round; at the second both answers are right.
    /// </summary>
    private static readonly RolloutBatch Batch = RolloutBatch.ByHand(
        [
            new(
                "2+3=",
                [
                    new("ab", 1, [-0.1, -0.9], OldLogProbs: [-0.6, -0.6], ReferenceLogProbs: [-0.6, -0.7])
                    {
                        Values = [0.4, 0.7],
                        Entropies = [0.5, 0.9],
                    },
                    new("cde", 0, [-1.4, -0.2, -0.7], OldLogProbs: [-0.9, -0.7, -0.7], ReferenceLogProbs: [-0.8, -0.8, -0.3])
                    {
                        Values = [0.4, 0.3, 0.1],
                        Entropies = [1.1, 0.4, 0.6],
                    },
                ]
            ),
            new(
                "1+1=",
                [
                    new("f", 1, [-0.3], OldLogProbs: [-0.4], ReferenceLogProbs: [-0.4]) { Values = [0.8], Entropies = [0.3] },
                    new("gh", 1, [-0.5, -0.4], OldLogProbs: [-0.5, -0.4], ReferenceLogProbs: [-0.5, -0.5])
                    {
                        Values = [0.8, 0.9],
                        Entropies = [0.6, 0.2],
                    },
                ]
            ),
        ],
        maxTokens: 4
    ) with
    {
        GreedyRewards = [0, 1],
    };

    private static readonly (string Word, int Row, int Token)[] Places =
    [
        ("good token that rose", 0, 0),
        ("good token that fell", 0, 1),
        ("bad token that fell", 1, 0),
        ("bad token that rose", 1, 1),
        ("token of a silent group", 2, 0),
    ];

    private static readonly string[] Shown =
    [
        nameof(Algorithms.Reinforce),
        nameof(Algorithms.Rloo),
        nameof(Algorithms.Ppo),
        nameof(Algorithms.Grpo),
        nameof(Algorithms.Dapo),
        nameof(Algorithms.DrGrpo),
        nameof(Algorithms.Gspo),
        nameof(Algorithms.Cispo),
        nameof(Algorithms.Gmpo),
        nameof(Algorithms.Sapo),
        nameof(Algorithms.Dpo),
        nameof(Algorithms.Ipo),
        "Hinge",
        "HingeReached",
        nameof(Algorithms.Sft),
        nameof(Algorithms.RejectionSampling),
        "BestOfN",
    ];

    public static TheoryData<string> Names => [.. Shown];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_formula_with_a_tokens_numbers_reads_as_in_its_file(string name)
    {
        var report = Objective(name).Evaluate(Batch);
        var places =
            report.Objective is PolicyObjective
                ? Places
                : [("token of the right answer", 0, 0), ("token of the wrong answer", 1, 0), ("token of a silent group", 2, 0)];
        var text = places.Select(p => $"## A {p.Word}\n\n{Written(report.Explain(p.Row, p.Token))}");
        Expectation.Matches("Tokens", name, $"# {report.Objective.Name}\n\n{string.Join("\n", text)}");
    }

    private static string Written(TokenExplanation why) =>
        $"```text\n{why}\n```\n" + (why.ToLatex().Length == 0 ? "" : $"\n```math\n{why.ToLatex()}\n```\n");

    [Fact]
    public void Every_file_belongs_to_an_objective() =>
        Assert.Equal(Shown.Order(StringComparer.Ordinal), Expectation.Names("Tokens").Order(StringComparer.Ordinal));

    private static Objective Objective(string name) =>
        name switch
        {
            "Hinge" => Algorithms.Dpo with
            {
                Name = "hinge",
                Loss = new HingeLoss { Beta = 0.5 },
            },
            "HingeReached" => Algorithms.Dpo with
            {
                Name = "hinge, reached",
                Loss = new HingeLoss { Beta = 2 },
            },
            "BestOfN" => Algorithms.RejectionSampling with { Name = "best of n", Selection = ResponseSelection.BestOfN },
            _ => AllAlgorithms.Named(name),
        };
}
