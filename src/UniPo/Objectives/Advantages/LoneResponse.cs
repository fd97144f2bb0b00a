namespace UniPo;

/// <summary>What happens to a prompt with a single response, which has no one to be compared with.</summary>
public enum LoneResponse
{
    /// <summary>A = 0: nothing is learnt from it (TRL asks for groups of two or more; verl's <c>rloo_vectorized</c>).</summary>
    Zero,

    /// <summary>A = R: its mean is taken as 0 and its spread as 1 (verl and SkyRL <c>grpo</c>).</summary>
    Reward,
}
