namespace UniPo;

/// <summary>
/// Where a framework differs from the papers in ways that change numbers: its small constants, guards and counts.
/// </summary>
internal sealed record Conventions
{
    /// <summary>Added to the group's standard deviation.</summary>
    public required double StdEpsilon { get; init; }

    /// <summary>What a lone response gets.</summary>
    public LoneResponse Lone { get; init; }

    /// <summary>Log-ratios of tokens are cut off here, in nats.</summary>
    public double LogClamp { get; init; } = Ratio.Limit;

    /// <summary>True when the sequence ratio is written per token and capped at e^10.</summary>
    public bool SequencePerToken { get; init; }

    /// <summary>Cap of the dual clip that is always on; null for none.</summary>
    public double? DualClip { get; init; }

    /// <summary>Which responses a mean over responses counts.</summary>
    public CountedRows Rows { get; init; }

    /// <summary>Added to the number of tokens of a response.</summary>
    public double LengthEpsilon { get; init; }

    /// <summary>How tokens are whitened.</summary>
    public Whitening Whitening { get; init; } = new();

    /// <summary>k3 as it is clamped.</summary>
    public KlEstimator K3 { get; init; } = KlEstimator.K3;

    /// <summary>True when a KL penalty in the reward is subtracted after the baseline.</summary>
    public bool KlAfterBaseline { get; init; }

    /// <summary>How a KL penalty in the loss is aggregated; null for the way of the policy term.</summary>
    public Aggregation? KlAggregation { get; init; }

    /// <summary>True when IPO divides log-ratios by length.</summary>
    public bool IpoPerToken { get; init; }

    /// <summary>Clip of the value loss.</summary>
    public double ValueClip { get; init; } = 0.2;

    /// <summary>What becomes of masked tokens in GAE.</summary>
    public MaskedTokens GaeMasked { get; init; }

    public static Conventions Of(Framework framework) =>
        framework switch
        {
            Framework.Trl => new()
            {
                StdEpsilon = 1e-4,
                IpoPerToken = true,
                GaeMasked = MaskedTokens.Zero,
            },
            Framework.Verl => new()
            {
                StdEpsilon = 1e-6,
                Lone = LoneResponse.Reward,
                LogClamp = 20,
                SequencePerToken = true,
                DualClip = 3,
                LengthEpsilon = 1e-8,
                Whitening = new() { CountEpsilon = 1e-8 },
                K3 = new K3Estimator { LogRatioClamp = 20, ValueClamp = 10 },
                ValueClip = 0.5,
            },
            Framework.OpenRlhf => new()
            {
                StdEpsilon = 1e-9,
                LogClamp = 20,
                Rows = CountedRows.NonEmpty,
                LengthEpsilon = 1e-8,
                KlAfterBaseline = true,
                KlAggregation = new TokenMean(),
                Whitening = new() { Ddof = 0, EpsilonIsFloor = true },
                K3 = new K3Estimator { ValueClamp = 10 },
                ValueClip = 0.5,
                GaeMasked = MaskedTokens.Zero,
            },
            Framework.SkyRl => new()
            {
                StdEpsilon = 1e-6,
                Lone = LoneResponse.Reward,
                LogClamp = 20,
                SequencePerToken = true,
                K3 = new K3Estimator { LogRatioClamp = 20, ValueClamp = 10 },
                KlAggregation = new SequenceMean(),
                GaeMasked = MaskedTokens.Keep,
            },
            Framework.Oat => new()
            {
                StdEpsilon = 1e-8,
                K3 = new K3Estimator { LogRatioClamp = 40 },
                GaeMasked = MaskedTokens.Zero,
            },
            _ => throw new ArgumentOutOfRangeException(
                nameof(framework),
                framework,
                "Framework must be one of Trl, Verl, OpenRlhf, SkyRl, Oat."
            ),
        };
}
