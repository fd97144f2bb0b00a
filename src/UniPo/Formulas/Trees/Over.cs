namespace UniPo;

/// <summary>What sums and means of a formula run over. Masked tokens are left out everywhere.</summary>
public static class Over
{
    /// <summary>All responses of the batch.</summary>
    public static IndexRange Responses { get; } = new('i', "i", "i") { From = "1", To = new("N") };

    /// <summary>The responses that are evaluated at once, where the batch is cut into micro-batches.</summary>
    public static IndexRange MicroBatch { get; } = new('i', "i", "i∈m");

    /// <summary>All tokens of the response.</summary>
    public static IndexRange Tokens { get; } = new('t', "t", "t") { From = "1", To = new("n", "i") };

    /// <summary>The token and all later ones of the response.</summary>
    public static IndexRange ThisAndLaterTokens { get; } = new('t', "s", "s≥t");

    /// <summary>The token and the later ones up to the next masked one.</summary>
    public static IndexRange UntilMasked { get; } = new('t', "s", "s≥t, unmasked");

    /// <summary>The token and all later ones of the response, masked ones included.</summary>
    public static IndexRange ThisAndLaterPlaces { get; } = new('t', "s", "s≥t");

    /// <summary>The next token of the response, masked or not; none after the last.</summary>
    public static IndexRange NextPlace { get; } = new('t', "t+1", "t+1");

    /// <summary>The rewards of a response.</summary>
    public static IndexRange RewardParts { get; } = new('k', "k", "k");

    /// <summary>All pairs of the batch.</summary>
    public static IndexRange Pairs { get; } = new('p', "p", "p") { From = "1", To = new("P") };

    /// <summary>The chosen response of a pair.</summary>
    public static IndexRange Chosen { get; } = new('i', "w", "w");

    /// <summary>The rejected response of a pair.</summary>
    public static IndexRange Rejected { get; } = new('i', "l", "l");

    /// <summary>The next token of the response; none after the last.</summary>
    public static IndexRange NextToken { get; } = new('t', "t+1", "t+1");

    /// <summary>All tokens of the batch.</summary>
    public static IndexRange AllTokens { get; } = new('*', "", "it");

    /// <summary>All responses to the same prompt.</summary>
    public static IndexRange Group { get; } = new('i', "", "g");

    /// <summary>All responses to the same prompt, written with an index of their own.</summary>
    public static IndexRange GroupMembers { get; } = new('i', "j", "j∈g");

    /// <summary>The other responses to the same prompt; a response that is alone stands for its own others.</summary>
    public static IndexRange Others { get; } = new('i', "j", "j≠i");

    /// <summary>All prompts; use it around <see cref="ResponsesOfGroup"/>.</summary>
    public static IndexRange Groups { get; } = new('g', "g", "g") { From = "1", To = new("P") };

    /// <summary>The responses to prompt g.</summary>
    public static IndexRange ResponsesOfGroup { get; } = new('i', "i", "i∈g");

    /// <summary>The batch's responses, without an index: for a mean over all rewards.</summary>
    public static IndexRange Batch { get; } = new('i', "", "batch");

    /// <summary>All of them by the name of their property: how logs and pages refer to them.</summary>
    internal static IReadOnlyDictionary<string, IndexRange> ByName =>
        field ??= new Dictionary<string, IndexRange>
        {
            [nameof(Responses)] = Responses,
            [nameof(MicroBatch)] = MicroBatch,
            [nameof(Tokens)] = Tokens,
            [nameof(ThisAndLaterTokens)] = ThisAndLaterTokens,
            [nameof(UntilMasked)] = UntilMasked,
            [nameof(ThisAndLaterPlaces)] = ThisAndLaterPlaces,
            [nameof(NextPlace)] = NextPlace,
            [nameof(RewardParts)] = RewardParts,
            [nameof(Pairs)] = Pairs,
            [nameof(Chosen)] = Chosen,
            [nameof(Rejected)] = Rejected,
            [nameof(NextToken)] = NextToken,
            [nameof(AllTokens)] = AllTokens,
            [nameof(Group)] = Group,
            [nameof(GroupMembers)] = GroupMembers,
            [nameof(Others)] = Others,
            [nameof(Groups)] = Groups,
            [nameof(ResponsesOfGroup)] = ResponsesOfGroup,
            [nameof(Batch)] = Batch,
        };
}
