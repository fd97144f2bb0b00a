namespace UniPo;

/// <summary>Everything an objective needs to know of sampled responses: rewards, and log-probabilities of every token.</summary>
/// <remarks>
/// The policy moves while a batch is used several times; <see cref="LogProbs"/> are the current policy's,
/// <see cref="OldLogProbs"/> those of the policy that sampled. A column that was not measured is null, never zero.
/// </remarks>
public sealed partial record RolloutBatch
{
    /// <summary>[P] prompts with their responses.</summary>
    public required IReadOnlyList<ResponseGroup> Groups
    {
        get => field;
        init => (field, Responses) = (value, [.. value.SelectMany(g => g.Responses)]);
    }

    /// <summary>Where each response's tokens lie, and which of them count.</summary>
    public required TokenLayout Layout { get; init; }

    /// <summary>[ΣT] log π_θ of each token under the current policy, in nats, ≤ 0.</summary>
    public required TokenColumn LogProbs { get; init; }

    /// <summary>[ΣT] log π_old of each token under the policy that sampled it, in nats, ≤ 0.</summary>
    public required TokenColumn OldLogProbs { get; init; }

    /// <summary>[ΣT] log π_ref under the frozen reference policy, in nats; null when there is none.</summary>
    public TokenColumn? ReferenceLogProbs { get; init; }

    /// <summary>
    /// [ΣT] log-probability under the software that sampled, in nats, where that differs from <see cref="OldLogProbs"/> (a fast
    /// inference engine rounds otherwise than the trainer); null when there is no difference.
    /// </summary>
    public TokenColumn? SamplerLogProbs { get; init; }

    /// <summary>
    /// [ΣT] factor with which another program wants each token's term multiplied, ≥ 0 (verl <c>rollout_is_weights</c>); null for
    /// none.
    /// </summary>
    public TokenColumn? SamplerWeights { get; init; }

    /// <summary>[ΣT] entropy of the current next-token distribution, in nats; null when not measured.</summary>
    public TokenColumn? Entropies { get; init; }

    /// <summary>[ΣT] value estimate V of the state before each token when the batch was sampled; null without a critic.</summary>
    public TokenColumn? OldValues { get; init; }

    /// <summary>[ΣT] value estimate V under the current critic; null without a critic.</summary>
    public TokenColumn? Values { get; init; }

    /// <summary>[ΣT] reward per token where a task gives one; null for outcome rewards (R_i at the last token).</summary>
    public TokenColumn? TokenRewards { get; init; }

    /// <summary>[P] reward of the greedy response to each prompt (ReMax); null when not sampled.</summary>
    public IReadOnlyList<double>? GreedyRewards { get; init; }

    /// <summary>Names of <see cref="Response.RewardParts"/>; empty for a single reward.</summary>
    public IReadOnlyList<string> RewardNames { get; init; } = [];

    /// <summary>Token ids for the policy; null for a batch typed by hand or read from a foreign log.</summary>
    public TokenSequences? Sequences { get; init; }

    /// <summary>Longest response allowed when the batch was sampled, in tokens; null when unknown.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Softmax temperature at which the responses were sampled, &gt; 0.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>[B] all responses, group after group.</summary>
    public IReadOnlyList<Response> Responses { get; private init; } = [];

    /// <summary>[B] rewards R_i, group after group.</summary>
    public double[] Rewards() => [.. Responses.Select(r => r.Reward)];

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(RolloutBatch), PrintMembers);
}
