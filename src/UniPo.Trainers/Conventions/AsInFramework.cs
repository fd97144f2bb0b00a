namespace UniPo;

/// <summary>The same algorithm, as a framework computes it when it is set to it.</summary>
/// <remarks>
/// What differs are constants, guards and denominators (the golden vectors prove them), and, for a few algorithms, the parts
/// themselves: TRL and verl train RLOO with a ratio and a clip, for instance. A framework's own <em>defaults</em> are another
/// matter: TRL's and verl's GRPO trainers, left alone, aggregate like DAPO and have no KL penalty.
/// </remarks>
public static class AsInFramework
{
    /// <summary>The objective with the framework's conventions.</summary>
    /// <param name="objective">One of <see cref="Algorithms"/>, or one made from them.</param>
    /// <param name="framework">The program that trains.</param>
    public static PolicyObjective AsIn(this PolicyObjective objective, Framework framework)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var conventions = Conventions.Of(framework);
        var parts = OtherParts(objective, framework);
        return parts with
        {
            Name = $"{objective.Name} in {framework}",
            Advantage = Advantage(parts.Advantage, conventions),
            Ratio = TheRatio(parts, conventions),
            Clip = TheClip(parts, conventions),
            Aggregation = TheAggregation(parts.Aggregation, conventions),
            Kl = TheKl(parts.Kl, conventions),
            Value = parts.Value is { ClipRange: not null } loss ? loss with { ClipRange = conventions.ValueClip } : parts.Value,
        };
    }

    /// <summary>The objective with the framework's conventions.</summary>
    /// <param name="objective">DPO, IPO or one made from them.</param>
    /// <param name="framework">The program that trains.</param>
    public static PreferenceObjective AsIn(this PreferenceObjective objective, Framework framework)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var perToken = objective.Loss is IpoLoss ? Conventions.Of(framework).IpoPerToken : objective.Loss.PerToken;
        return objective with { Name = $"{objective.Name} in {framework}", Loss = objective.Loss with { PerToken = perToken } };
    }

    // Algorithms that a framework builds from other parts than the paper.
    private static PolicyObjective OtherParts(PolicyObjective objective, Framework framework) =>
        (objective.Advantage, framework) switch
        {
            (LeaveOneOut, Framework.Trl) => objective with
            {
                Ratio = Ratio.SequenceProduct,
                Clip = Clip.Symmetric(0.2),
                Aggregation = Aggregation.SequenceMean,
            },
            (LeaveOneOut or GreedyBaseline or LengthWeightedMean, Framework.Verl or Framework.OpenRlhf or Framework.SkyRl)
                when objective.Ratio is NoRatio => objective with
            {
                Ratio = Ratio.Token,
                Clip = Clip.Symmetric(0.2),
                Aggregation = Aggregation.TokenMean,
            },
            (RewardOnly, Framework.OpenRlhf) when objective.Ratio is NoRatio => objective with
            {
                Advantage = new RewardToGo { Whiten = new() },
                Ratio = Ratio.Token,
                Clip = Clip.Symmetric(0.2),
                Aggregation = Aggregation.TokenMean,
            },
            _ => objective,
        };

    private static Advantage Advantage(Advantage advantage, Conventions conventions)
    {
        var whitened = advantage.Whiten is null ? advantage : advantage with { Whiten = conventions.Whitening };
        return whitened switch
        {
            GroupMeanStd a => a with { Epsilon = conventions.StdEpsilon, Lone = conventions.Lone },
            GroupAdvantage a => a with { Lone = conventions.Lone },
            RubricAdvantage { Compare: GroupMeanStd inner } a => a with
            {
                Compare = inner with { Epsilon = conventions.StdEpsilon, Lone = conventions.Lone },
            },
            Gae a => a with { MaskedTokens = conventions.GaeMasked },
            var other => other,
        };
    }

    private static Ratio TheRatio(PolicyObjective parts, Conventions conventions) =>
        parts.Ratio switch
        {
            TokenRatio when parts.Clip is ClipCov or KlCov => parts.Ratio, // no framework cuts log-ratios off here
            TokenRatio r => r with { LogClamp = Math.Min(r.LogClamp, conventions.LogClamp) },
            SequenceMeanRatio r when parts.Clip is GmpoClip => r with { CountEpsilon = conventions.LengthEpsilon },
            SequenceMeanRatio when conventions.SequencePerToken => new SequenceTokenRatio { LogCap = 10 },
            var other => other,
        };

    // The dual clip belongs to the loss with a ratio per token; GSPO's has none.
    private static TrustRegion TheClip(PolicyObjective parts, Conventions conventions) =>
        parts is { Ratio: TokenRatio, Clip: Clip c } && conventions.DualClip is { } cap
            ? new DualClip(c.Low, c.High, cap)
            : parts.Clip;

    private static Aggregation TheAggregation(Aggregation aggregation, Conventions conventions) =>
        aggregation switch
        {
            SequenceMean a => a with { Rows = conventions.Rows, Epsilon = conventions.LengthEpsilon },
            SequenceSum a => a with { Rows = conventions.Rows },
            ConstantLength a => a with { Rows = conventions.Rows },
            _ => aggregation,
        };

    private static Kl TheKl(Kl kl, Conventions conventions) =>
        kl switch
        {
            KlInLoss k => k with
            {
                Estimator = k.Estimator is K3Estimator ? conventions.K3 : k.Estimator,
                Aggregation = conventions.KlAggregation,
            },
            KlInReward k => k with { AfterBaseline = conventions.KlAfterBaseline },
            _ => kl,
        };
}
