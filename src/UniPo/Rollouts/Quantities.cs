namespace UniPo;

/// <summary>The letters for what a batch knows: i is a response, t one of its tokens.</summary>
public static class Quantities
{
    /// <summary>R_i.</summary>
    public static Quantity Reward { get; } = new(new("R", "i"), "reward of response i");

    /// <summary>R_it.</summary>
    public static Quantity TokenReward { get; } = new(new("R", "it"), "reward given at token t of response i; where a task gives one only, at the last token");

    /// <summary>Reward of the greedy response.</summary>
    public static Quantity GreedyReward { get; } = new(new("R", "i", "greedy"), "reward of the greedy response to the same prompt");

    /// <summary>log π_θ.</summary>
    public static Quantity LogProb { get; } = new(LogOf("θ"), "log-probability of token t of response i under the policy that learns, in nats");

    /// <summary>log π_old.</summary>
    public static Quantity OldLogProb { get; } = new(LogOf("old"), "the same under the policy that sampled the response");

    /// <summary>log π_ref.</summary>
    public static Quantity ReferenceLogProb { get; } = new(LogOf("ref"), "the same under the frozen reference policy");

    /// <summary>H_it.</summary>
    public static Quantity Entropy { get; } = new(new("H", "it"), "entropy of the policy's distribution for token t, in nats");

    /// <summary>Value estimate of the current critic.</summary>
    public static Quantity Value { get; } = new(new("V", "it", "θ"), "the critic's estimate now of the reward to come before token t");

    /// <summary>Value estimate at sampling.</summary>
    public static Quantity OldValue { get; } = new(new("V", "it"), "the critic's estimate, at sampling, of the reward to come before token t; 0 after the end");

    /// <summary>R̂_it, what the critic should have predicted.</summary>
    public static Quantity ValueTarget { get; } = new(new("R̂", "it"), "what the critic should have said: advantage before whitening plus its old estimate");

    /// <summary>Number of counting tokens of a response.</summary>
    public static Quantity Length { get; } = new(new("n", "i"), "number of tokens of response i");

    /// <summary>Number of responses.</summary>
    public static Quantity Responses { get; } = new(new("N"), "number of responses in the batch");

    /// <summary>Number of responses with a token that counts.</summary>
    public static Quantity ActiveResponses { get; } = new(new("N⁺"), "number of responses with at least one token that is not masked");

    /// <summary>Number of prompts.</summary>
    public static Quantity Groups { get; } = new(new("P"), "number of prompts in the batch");

    /// <summary>Number of responses to a prompt.</summary>
    public static Quantity GroupSize { get; } = new(new("G"), "number of responses to the prompt");

    /// <summary>Length of the longest response.</summary>
    public static Quantity MaxLength { get; } = new(new("T"), "length of the longest response in the batch, in tokens");

    private static Symbol LogOf(string policy) => new("π", "", policy) { Function = "log", Argument = new("y", "it") };
}
