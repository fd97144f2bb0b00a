using UniPo.Formulas;

namespace UniPo;

public sealed partial record PolicyObjective
{
    /// <inheritdoc/>
    public override Formula Formula
    {
        get
        {
            var token = TokenFormula();
            var objective = Aggregation.Formula(token);
            if (Kl is KlInLoss { Aggregation: { } beside } kl)
                objective -= kl.Beta * beside.Formula(kl.TokenFormula(RatioFormula()));
            if (Entropy is { Coefficient: > 0 } bonus)
                objective += bonus.Formula(Aggregation, Filters);
            if (Value is { } loss)
                objective -= loss.Formula(Aggregation, TargetFormula);
            return new Formula(Objective(objective), token, Constraints());
        }
    }

    private Remembered<FormulaProgram> _perResponse,
        _perToken;

    /// <summary>The formula, compiled: once for an objective.</summary>
    /// <param name="shared">True when all tokens of a response share an advantage.</param>
    internal FormulaProgram Program(bool shared) =>
        shared ? _perResponse.Get(this, () => Compile(Level.Response)) : _perToken.Get(this, () => Compile(Level.Token));

    /// <summary>The letter of the advantage as text: A_i or A_it.</summary>
    internal string AdvantageLetter => ((DefinitionNode)AdvantageFormula()).Symbol.ToString();

    /// <summary>The letter of what the critic should have said.</summary>
    internal const string TargetLetter = "R̂_it";

    /// <summary>What the critic should have said: the estimator's own target, or the rewards that followed.</summary>
    internal Expression TargetFormula =>
        Advantage.TargetFormula(RewardSymbols)
        ?? Expression.Define(
            new("R̂", "it"),
            Over.ThisAndLaterTokens.Sum(RewardSymbols.PerToken),
            "what the critic should have said: the rewards that followed"
        );

    private FormulaProgram Compile(Level advantage)
    {
        var formula = Formula;
        List<(string, Expression)> named = [("log π", Quantities.LogProb), ("term", formula.Token!)];
        if (RatioFormula() is { } ratio)
            named.Add(("ratio", ratio));
        if (Kl is KlInLoss kl)
            named.Add(("kl", kl.TokenFormula(RatioFormula())));
        if (Entropy is { Coefficient: > 0 })
            named.Add(("H", Quantities.Entropy));
        if (Value is { } loss)
            named.AddRange([("V", Quantities.Value), ("value loss", loss.TokenFormula(TargetFormula))]);
        var given = new Dictionary<Quantity, Level>();
        if (Clip.Choice is { } choice)
            given[choice] = Level.Token;
        if (Filters.TopEntropy is not null)
            given[Quantities.EntropyThreshold] = Level.Batch;
        var shape = new FormulaShape
        {
            Settled = new Dictionary<string, Level> { [AdvantageLetter] = advantage, [TargetLetter] = Level.Token },
            Given = given,
            Moving = new HashSet<Quantity> { Quantities.LogProb, Quantities.Entropy, Quantities.Value },
        };
        return FormulaProgram.Compile(shape, formula.Objective, named, UngatedFormula());
    }

    private IEnumerable<FormulaLine> Constraints()
    {
        if (Sampling.RefillSilentGroups)
            yield return new FormulaLine(GroupsDiffer, "only groups whose rewards differ are used; others are sampled anew");
        if (Step.Formula() is { } bound)
            yield return bound;
    }

    /// <summary>The condition of dynamic sampling: the rewards of a group are not all equal.</summary>
    internal static RelationNode GroupsDiffer =>
        (RelationNode)Expression.Relation(Expression.Std(Over.Group, Quantities.Reward, 1), ">", 0);

    private static Expression Objective(Expression body) => Expression.Define(new("J"), body, "what is maximised");

    /// <summary>
    /// What each token contributes: its term, and the KL penalty unless that is aggregated in a way of its own.
    /// </summary>
    internal Expression TokenFormula() =>
        Kl is KlInLoss { Aggregation: null } kl ? TermFormula() - kl.Beta * kl.TokenFormula(RatioFormula()) : TermFormula();

    /// <summary>The trust region's term, times the factor of filters and corrections where there is one.</summary>
    internal Expression TermFormula() => GateFormula() is { } gate ? gate * UngatedFormula() : UngatedFormula();

    /// <summary>The term of the trust region alone, whose bounds are marked.</summary>
    internal Expression UngatedFormula()
    {
        var advantage = AdvantageFormula();
        return RatioFormula() is { } ratio
            ? Clip.Formula(new TokenSymbols(ratio, advantage, Quantities.LogProb, Quantities.OldLogProb))
            : advantage * Quantities.LogProb;
    }

    /// <summary>What the trust region says about a token, as cases.</summary>
    internal IEnumerable<Sentence> TermSentences() =>
        RatioFormula() is { } ratio
            ? Clip.Sentences(new TokenSymbols(ratio, AdvantageFormula(), Quantities.LogProb, Quantities.OldLogProb))
            : [];

    private Expression? GateFormula()
    {
        var (correction, filter) = (Correction?.Formula(), Filters.Formula(AdvantageFormula()));
        return correction is null ? filter
            : filter is null ? correction
            : correction * filter;
    }

    internal RewardSymbols RewardSymbols => Kl is KlInReward { Coefficient: > 0 } kl ? kl.Rewards() : RewardSymbols.Plain;

    internal Expression AdvantageFormula() => Advantage.Formula(RewardSymbols);

    internal Expression? RatioFormula() =>
        Ratio.Formula(Clip.LogRatioFormula((Expression)Quantities.LogProb - Quantities.OldLogProb, AdvantageFormula()));

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectivePart> Parts => [.. MainParts(), .. OptionalParts(), .. ExtraParts()];

    private IEnumerable<ObjectivePart> MainParts()
    {
        var term = TermLine();
        yield return new("advantage", "How good was this response (or token)?", Advantage.InWords)
        {
            Line = FormulaLine.Of(AdvantageFormula()),
        };
        yield return new("ratio", "How far has the policy moved since sampling?", Ratio.InWords)
        {
            Line = FormulaLine.Of(RatioFormula()),
        };
        yield return new("trust region", "What happens when it moved too far?", Clip.InWords) { Line = FormulaLine.Of(term) };
        yield return new("aggregation", "How do tokens of long and short responses share the update?", Aggregation.InWords)
        {
            Line = FormulaLine.Of(Objective(Aggregation.Formula(term))),
        };
        yield return new("KL", "What keeps the policy near the reference?", Kl.InWords) { Line = FormulaLine.Of(KlFormula()) };
    }

    /// <summary>The term with a line of its own; some regions bring one.</summary>
    internal DefinitionNode TermLine() =>
        TermFormula() as DefinitionNode
        ?? new DefinitionNode(new("f", "it"), TermFormula(), "what the token adds to the objective");

    private Expression? KlFormula() =>
        Kl switch
        {
            KlInLoss kl => kl.TokenFormula(RatioFormula()),
            KlInReward kl => kl.Rewards().Outcome,
            _ => null,
        };

    private IEnumerable<ObjectivePart> OptionalParts()
    {
        if (Entropy is { Coefficient: > 0 } bonus)
            yield return new("entropy", "Is being undecided rewarded?", bonus.ToString());
        if (Value is { } loss)
            yield return new("critic", "How does the critic learn?", loss.ToString());
        if (Correction is { } correction)
            yield return new("correction", "What makes up for the sampler's error?", correction.InWords)
            {
                Line = FormulaLine.Of(correction.Formula()),
            };
        if (Filters != new Filters())
            yield return new("filters", "Which responses get no say?", Filters.ToString());
    }

    internal override TokenExplanation Explain(TokenReport report, int row, int token) =>
        new PolicyExplanation(this, report, row, token).Explain();
}
