namespace UniPo;

/// <summary>What is said of a token beside its ratio, its advantage and its distance from the reference: the same in C# and on pages.</summary>
internal static class PolicySentences
{
    public static IReadOnlyList<Sentence> Ratio(DefinitionNode ratio) =>
        ratio.Symbol.Base == "s"
            ?
            [
                Sentence.If(
                    Expression.Relation(ratio, "=", 1),
                    $"The tokens of this response, taken together, are exactly as likely as at sampling."
                ),
                Sentence.If(
                    AlmostOne(ratio),
                    $"The tokens of this response, taken together, are almost exactly as likely as at sampling."
                ),
                Sentence.Otherwise($"The tokens of this response, taken together, are {ratio} times as likely as at sampling."),
            ]
            :
            [
                Sentence.If(Expression.Relation(ratio, "=", 1), $"The token is exactly as likely as at sampling."),
                Sentence.If(AlmostOne(ratio), $"The token is almost exactly as likely as at sampling."),
                Sentence.Otherwise($"The token is {ratio} times as likely as at sampling."),
            ];

    public static IReadOnlyList<Sentence> Advantage(Expression advantage) =>
        [
            Sentence.If(advantage > 0, $"Better than expected: the token shall become likelier."),
            Sentence.If(advantage < 0, $"Worse than expected: the token shall become less likely."),
            Sentence.Otherwise($"Neither better nor worse than expected: nothing to learn from it."),
        ];

    /// <summary>What is said of u where the penalty is a term of the objective.</summary>
    public static IReadOnlyList<Sentence> Distance(Expression u)
    {
        var times = Expression.Exp(u);
        return
        [
            Sentence.If(Expression.Relation(u, "=", 0), $"The token is exactly as likely as under the reference."),
            Sentence.If(
                AlmostOne(times) * (u > 0),
                $"The token is almost exactly as likely as under the reference; the penalty pulls it down."
            ),
            Sentence.If(
                AlmostOne(times),
                $"The token is almost exactly as likely as under the reference; the penalty pulls it up."
            ),
            Sentence.If(u > 0, $"The token is {times} times as likely as under the reference; the penalty pulls it down."),
            Sentence.Otherwise($"The token is {times} times as likely as under the reference; the penalty pulls it up."),
        ];
    }

    /// <summary>Said without a ratio.</summary>
    public static IReadOnlyList<Sentence> WithoutRatio { get; } =
    [Sentence.Otherwise($"Without a ratio the term is A·log π: its sign means nothing, its gradient is A.")];

    // "1 times as likely" would be a riddle beside a number that is not 0: what four digits write as 1.
    private static Expression AlmostOne(Expression ratio) => (ratio > 0.99995) * (ratio < 1.0005);
}
