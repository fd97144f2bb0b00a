namespace UniPo;

/// <summary>An estimator that compares the responses to one prompt with each other.</summary>
public abstract record GroupAdvantage : OutcomeAdvantage
{
    /// <summary>What a prompt with a single response gets. Default: 0.</summary>
    public LoneResponse Lone { get; init; }
}
