namespace UniPo;

/// <summary>The letters for what a batch knows: i is a response, t one of its tokens.</summary>
public static class Quantities
{
    /// <summary>c_ik.</summary>
    public static Quantity RewardConfidence { get; } = new(new("c", "ik"), "how sure the judge was of reward k of response i");

    /// <summary>R_i.</summary>
    public static Quantity Reward { get; } = new(new("R", "i"), "reward of response i");

    /// <summary>R_it.</summary>
    public static Quantity TokenReward { get; } =
        new(new("R", "it"), "reward given at token t of response i; where a task gives one only, at the last token");

    /// <summary>Reward of the greedy response.</summary>
    public static Quantity GreedyReward { get; } =
        new(new("R", "i", "greedy"), "reward of the greedy response to the same prompt");

    /// <summary>log π_θ.</summary>
    public static Quantity LogProb { get; } =
        new(LogOf("θ"), "log-probability of token t of response i under the policy that learns, in nats");

    /// <summary>log π_old.</summary>
    public static Quantity OldLogProb { get; } = new(LogOf("old"), "the same under the policy that sampled the response");

    /// <summary>log π_ref.</summary>
    public static Quantity ReferenceLogProb { get; } = new(LogOf("ref"), "the same under the frozen reference policy");

    /// <summary>H_it.</summary>
    public static Quantity Entropy { get; } = new(new("H", "it"), "entropy of the policy's distribution for token t, in nats");

    /// <summary>Value estimate of the current critic.</summary>
    public static Quantity Value { get; } =
        new(new("V", "it", "θ"), "the critic's estimate now of the reward to come before token t");

    /// <summary>Value estimate at sampling.</summary>
    public static Quantity OldValue { get; } =
        new(new("V", "it"), "the critic's estimate, at sampling, of the reward to come before token t; 0 after the end");

    /// <summary>Number of counting tokens of a response.</summary>
    public static Quantity Length { get; } = new(new("n", "i"), "number of tokens of response i");

    /// <summary>Place of a token among those of its response that count, from 1.</summary>
    public static Quantity Position { get; } = new(new("t"), "place of the token in its response, from 1");

    /// <summary>Inside a sum over later tokens: how many tokens later, masked ones not counted.</summary>
    public static Quantity TokensLater { get; } = new(new("s−t"), "how many tokens later");

    /// <summary>The same, masked ones counted.</summary>
    public static Quantity PlacesLater { get; } = new(new("s−t"), "how many tokens later");

    /// <summary>1 for a token that counts, 0 for a masked one.</summary>
    public static Quantity Counts { get; } = new(new("z", "it"), "1 for a token that counts, 0 for a masked one");

    /// <summary>R_ik.</summary>
    public static Quantity RewardPart { get; } = new(new("R", "ik"), "reward k of response i");

    /// <summary>w_k.</summary>
    public static Quantity RewardWeight { get; } = new(new("w", "k"), "weight of reward k");

    /// <summary>log π of the sampler.</summary>
    public static Quantity SamplerLogProb { get; } = new(LogOf("sampler"), "the same as the sampling engine computed it");

    /// <summary>A factor for the sampler's error that came with the batch.</summary>
    public static Quantity SamplerWeight { get; } = new(new("ρ", "it"), "factor for the sampler's error, given with the batch");

    /// <summary>0 for the tokens that Clip-Cov takes out.</summary>
    public static Quantity Kept { get; } =
        new(new("m", "it"), "1, but 0 for a few random tokens of high covariance of log π and A");

    /// <summary>1 for the tokens that KL-Cov charges.</summary>
    public static Quantity Charged { get; } =
        new(new("q", "it"), "1 for the few tokens of highest covariance of log π and A, 0 for all others");

    /// <summary>The entropy that a token must reach to learn.</summary>
    public static Quantity EntropyThreshold { get; } =
        new(new("H", "", "min"), "entropy that the tokens which learn reach, in nats");

    /// <summary>Number of micro-batches.</summary>
    public static Quantity MicroBatches { get; } = new(new("M"), "number of micro-batches; the sums run over one");

    /// <summary>Number of pairs.</summary>
    public static Quantity Pairs { get; } = new(new("P"), "number of pairs");

    /// <summary>Number of responses.</summary>
    public static Quantity Responses { get; } = new(new("N"), "number of responses in the batch");

    /// <summary>Number of responses with a token that counts.</summary>
    public static Quantity ActiveResponses { get; } =
        new(new("N⁺"), "number of responses with at least one token that is not masked");

    /// <summary>Number of prompts.</summary>
    public static Quantity Groups { get; } = new(new("P"), "number of prompts in the batch");

    /// <summary>Number of responses to a prompt.</summary>
    public static Quantity GroupSize { get; } = new(new("G"), "number of responses to the prompt");

    /// <summary>Length of the longest response.</summary>
    public static Quantity MaxLength { get; } =
        new(new("T"), "longest response allowed, in tokens; where that is unknown, the longest of the batch");

    /// <summary>The policy that sampled, as a distribution over the next token.</summary>
    public static Quantity OldPolicy { get; } =
        new(new("π", "", "old"), "the policy that sampled, as a distribution over the next token");

    /// <summary>The policy that learns, as a distribution over the next token.</summary>
    public static Quantity Policy { get; } =
        new(new("π", "", "θ"), "the policy that learns, as a distribution over the next token");

    /// <summary>All of them by the name of their property: how logs and pages refer to them.</summary>
    internal static IReadOnlyDictionary<string, Quantity> ByName =>
        field ??= new Dictionary<string, Quantity>
        {
            [nameof(RewardConfidence)] = RewardConfidence,
            [nameof(Reward)] = Reward,
            [nameof(TokenReward)] = TokenReward,
            [nameof(GreedyReward)] = GreedyReward,
            [nameof(LogProb)] = LogProb,
            [nameof(OldLogProb)] = OldLogProb,
            [nameof(ReferenceLogProb)] = ReferenceLogProb,
            [nameof(Entropy)] = Entropy,
            [nameof(Value)] = Value,
            [nameof(OldValue)] = OldValue,
            [nameof(Length)] = Length,
            [nameof(Position)] = Position,
            [nameof(TokensLater)] = TokensLater,
            [nameof(PlacesLater)] = PlacesLater,
            [nameof(Counts)] = Counts,
            [nameof(RewardPart)] = RewardPart,
            [nameof(RewardWeight)] = RewardWeight,
            [nameof(SamplerLogProb)] = SamplerLogProb,
            [nameof(SamplerWeight)] = SamplerWeight,
            [nameof(Kept)] = Kept,
            [nameof(Charged)] = Charged,
            [nameof(EntropyThreshold)] = EntropyThreshold,
            [nameof(MicroBatches)] = MicroBatches,
            [nameof(Pairs)] = Pairs,
            [nameof(Responses)] = Responses,
            [nameof(ActiveResponses)] = ActiveResponses,
            [nameof(Groups)] = Groups,
            [nameof(GroupSize)] = GroupSize,
            [nameof(MaxLength)] = MaxLength,
            [nameof(OldPolicy)] = OldPolicy,
            [nameof(Policy)] = Policy,
        };

    private static Symbol LogOf(string policy) => new("π", "", policy) { Function = "log", Argument = new("y", "it") };
}
