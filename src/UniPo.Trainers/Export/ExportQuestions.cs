namespace UniPo;

/// <summary>Questions that all exporters ask about an objective.</summary>
internal static class ExportQuestions
{
    /// <summary>A clip so wide that it never bites, for trainers whose clip cannot be switched off.</summary>
    public const double Unbounded = 1e9;

    /// <summary>
    /// Bounds of PPO's clip below and above 1, and the cap for bad tokens; null when the region is another one.
    /// </summary>
    public static (double Low, double High, double? Cap)? PpoClip(TrustRegion region) =>
        region switch
        {
            NoTrustRegion => (Unbounded, Unbounded, null),
            Clip c => (c.Low, c.High, null),
            DualClip c => (c.Low, c.High, c.Cap),
            CappedClip c => (c.Low, c.High, c.Cap),
            _ => null,
        };

    /// <summary>
    /// True when responses are used for a single step, so that every ratio is exactly 1 and A·log π has the same gradient as r·A.
    /// </summary>
    public static bool IsOnPolicy(Objective objective) => objective.Sampling is { Passes: 1, MiniBatches: 1 };

    /// <summary>True when a term with an aggregation of its own (null for the policy's) ends up aggregated like this.</summary>
    public static bool Aggregates(Aggregation? own, Aggregation policys, Func<Aggregation, bool> like) => like(own ?? policys);

    /// <summary>True when two aggregations differ at most in small constants.</summary>
    public static bool Alike(Aggregation a, Aggregation b) =>
        a.GetType() == b.GetType()
        && (a, b) switch
        {
            (ConstantLength x, ConstantLength y) => x.Length == y.Length,
            (TokenSum x, TokenSum y) => x.Scale == y.Scale,
            _ => true,
        };

    /// <summary>True when responses without an active token are left out of the number of responses.</summary>
    public static bool LeavesOutEmptyRows(Aggregation aggregation) =>
        aggregation
            is SequenceMean { Rows: CountedRows.NonEmpty }
                or SequenceSum { Rows: CountedRows.NonEmpty }
                or ConstantLength { Rows: CountedRows.NonEmpty };

    /// <summary>
    /// Says what trainers do about sampling; it changes which responses there are, not what the objective makes of them.
    /// </summary>
    public static void WarnOfSampling(
        SamplingPlan plan,
        ExportSheet sheet,
        string resampling,
        string overlong,
        string miniBatches
    )
    {
        sheet.WarnIf(plan.RefillSilentGroups && resampling.Length > 0, "sampling", resampling);
        sheet.WarnIf(plan.Overlong is not null && overlong.Length > 0, "sampling", overlong);
        sheet.WarnIf(plan.MiniBatches > 1, "sampling", miniBatches);
    }

    /// <summary>Settings of estimators that few trainers have.</summary>
    public static void RefuseExtras(
        Advantage advantage,
        ExportSheet sheet,
        string trainer,
        bool rewardRange = false,
        bool range = false,
        bool normalize = false,
        bool gamma = false,
        bool weights = false
    )
    {
        sheet.RefuseIf(
            advantage.RewardRange is not null && !rewardRange,
            "advantage",
            $"{trainer} cannot hold rewards in an interval before advantages are estimated; do it in the reward function."
        );
        sheet.RefuseIf(
            advantage.Weights is not null && !weights,
            "advantage",
            $"{trainer} cannot weigh several rewards; do it in the reward function."
        );
        if (advantage is not OutcomeAdvantage outcome)
            return;
        sheet.RefuseIf(
            outcome.Range is not null && !range,
            "advantage",
            $"{trainer} cannot hold advantages in an interval here."
        );
        sheet.RefuseIf(
            outcome.Normalize is not null && !normalize,
            "advantage",
            $"{trainer} cannot normalise advantages over the responses of the batch with this estimator."
        );
        sheet.RefuseIf(
            outcome.Gamma < 1 && !gamma,
            "advantage",
            $"{trainer} does not discount the advantage of a response over its tokens."
        );
    }

    /// <summary>A step that no trainer of language models can take.</summary>
    public static void RefuseStep(Objective objective, ExportSheet sheet, string trainer) =>
        sheet.RefuseIf(
            objective.Step is TrustRegionStep,
            "step",
            $"{trainer} takes gradient steps only; it has no natural gradient with a KL constraint."
        );
}
