using UniPo.Numerics;

namespace UniPo;

/// <summary>The counts that aggregations divide by: those of the whole batch, also when only a part of it is evaluated.</summary>
/// <remarks>
/// A micro-batch that divides by the whole batch's counts contributes its share: the parts add up to the whole.
/// </remarks>
public sealed record BatchTotals
{
    /// <summary>Number of responses N.</summary>
    public double Responses
    {
        get;
        init => field = Require.NotNegative(value, "BatchTotals.Responses");
    }

    /// <summary>Number of responses with at least one active token, N⁺.</summary>
    public double ActiveResponses
    {
        get;
        init => field = Require.NotNegative(value, "BatchTotals.ActiveResponses");
    }

    /// <summary>Number of active tokens Σn_i. Not a whole number when several machines share it evenly.</summary>
    public double ActiveTokens
    {
        get;
        init => field = Require.NotNegative(value, "BatchTotals.ActiveTokens");
    }

    /// <summary>Number of prompts P.</summary>
    public double Groups
    {
        get;
        init => field = Require.NotNegative(value, "BatchTotals.Groups");
    }

    /// <summary>Longest response allowed, in tokens; where that is unknown, the longest of the batch.</summary>
    public double MaxLength
    {
        get;
        init => field = Require.NotNegative(value, "BatchTotals.MaxLength");
    }

    /// <summary>
    /// Entropy a token must reach to learn, in nats, when a filter keeps only undecided tokens; null to take it from the part at
    /// hand.
    /// </summary>
    public double? EntropyThreshold { get; init; }

    /// <summary>Number of preference pairs; null when the pairs at hand are all there are.</summary>
    public double? Pairs
    {
        get;
        init => field = value is { } v ? Require.NotNegative(v, "BatchTotals.Pairs") : null;
    }

    /// <summary>Number of parts the batch is evaluated in, at least 1.</summary>
    public int MicroBatches
    {
        get;
        init => field = Require.AtLeast(value, 1, "BatchTotals.MicroBatches");
    } = 1;

    /// <summary>The counts of a batch that is evaluated as a whole.</summary>
    public static BatchTotals Of(RolloutBatch batch) =>
        Of(batch.Layout) with
        {
            MaxLength = batch.MaxTokens ?? batch.Layout.MaxLength,
        };

    /// <summary>The counts of a layout that is evaluated as a whole.</summary>
    public static BatchTotals Of(TokenLayout layout) =>
        new()
        {
            Responses = layout.Responses,
            ActiveResponses = layout.ActiveResponses,
            ActiveTokens = layout.ActiveTokens,
            Groups = layout.Groups,
            MaxLength = layout.MaxLength,
        };
}
