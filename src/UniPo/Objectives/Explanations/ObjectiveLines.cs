using UniPo.Formulas;

namespace UniPo;

/// <summary>The way from log-probabilities to a weight, line by line, for any token: what pages fill with a token's numbers.</summary>
internal static class ObjectiveLines
{
    public static IEnumerable<ObjectiveLine> Of(Objective objective) =>
        objective switch
        {
            PolicyObjective policy => Of(policy),
            PreferenceObjective preference => Of(preference),
            ImitationObjective imitation => Of(imitation),
            _ => [],
        };

    private static IEnumerable<ObjectiveLine> Of(PolicyObjective policy)
    {
        if (policy.RatioFormula() is DefinitionNode ratio)
            foreach (var line in Below("ratio", ratio, "A").Append(new("ratio", ratio, PolicySentences.Ratio(ratio))))
                yield return line;
        if (policy.AdvantageFormula() is DefinitionNode advantage)
            foreach (
                var line in Below("advantage", advantage)
                    .Append(new("advantage", advantage, PolicySentences.Advantage(advantage)))
            )
                yield return line;
        yield return new(
            "trust region",
            policy.TermLine(),
            policy.RatioFormula() is null ? PolicySentences.WithoutRatio : [.. policy.TermSentences()]
        );
        if (policy.Kl is KlInLoss kl)
            foreach (
                var letter in Letters(kl.TokenFormula(policy.RatioFormula()))
                    .Where(d => d.Symbol.Base is "u" or "k")
                    .OrderByDescending(d => d.Symbol.Base)
            )
                yield return new("KL", letter, letter.Symbol.Base == "u" ? PolicySentences.Distance(letter) : Meaning(letter));
    }

    private static IEnumerable<ObjectiveLine> Of(PreferenceObjective preference)
    {
        foreach (var (which, name) in new[] { (Over.Chosen, "chosen"), (Over.Rejected, "rejected") })
        {
            var moved = new DefinitionNode(
                new("Δ", which.Name),
                Expression.At(which, preference.MovedFormula().Body),
                $"how far the policy has moved on the {name} response, in nats"
            );
            yield return new("reference", moved, Meaning(moved));
        }
        var loss = preference.LossFormula();
        foreach (var line in Below("pairs", loss, "Δ"))
            yield return line;
        yield return new("loss", loss, [.. preference.LossSentences(), Sentence.Otherwise($"The pair costs {loss}.")]);
    }

    private static IEnumerable<ObjectiveLine> Of(ImitationObjective imitation)
    {
        if (imitation.Selection.Condition is { } condition)
        {
            var chosen = new DefinitionNode(
                new("c", "i"),
                Expression.Indicator(condition),
                "1 for a response that is imitated, 0 for one that is not"
            );
            yield return new("selection", chosen, Meaning(chosen));
        }
        yield return new(
            "term",
            new DefinitionNode(new("f", "it"), Quantities.LogProb, "what the token adds to the objective"),
            [
                Sentence.Otherwise(
                    $"Imitation asks of every token only to become likelier: its term is its log-probability, with slope 1."
                ),
            ]
        );
    }

    private static IEnumerable<ObjectiveLine> Below(string part, DefinitionNode letter, string except = "") =>
        Letters(letter).Skip(1).Reverse().Where(d => d.Symbol.Base != except).Select(d => new ObjectiveLine(part, d, Meaning(d)));

    private static IEnumerable<DefinitionNode> Letters(Expression expression)
    {
        var letters = new FormulaLetters();
        letters.Visit(expression);
        return letters.Lines.Select(l => l.Definition!);
    }

    // A meaning may hold braces; it is said as it is.
    private static IReadOnlyList<Sentence> Meaning(DefinitionNode letter)
    {
        var text = char.ToUpperInvariant(letter.Meaning[0]) + letter.Meaning[1..] + ".";
        return
        [
            Sentence.Otherwise(
                System.Runtime.CompilerServices.FormattableStringFactory.Create(
                    text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)
                )
            ),
        ];
    }
}
