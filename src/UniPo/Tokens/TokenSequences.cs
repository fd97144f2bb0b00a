namespace UniPo;

/// <summary>
/// Token ids of prompts and of the responses to them: what a policy reads when it is asked for log-probabilities.
/// </summary>
public sealed class TokenSequences
{
    /// <summary>Prompts and their responses; responses to the same prompt are neighbours.</summary>
    /// <param name="prompts">[P] token ids of each prompt, at least one token each.</param>
    /// <param name="responses">[B] token ids of each response.</param>
    /// <param name="groupSizes">[P] responses of each prompt, adding up to B.</param>
    /// <exception cref="ArgumentException">The sizes do not match, or a prompt is empty.</exception>
    public TokenSequences(IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses, IReadOnlyList<int> groupSizes)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(responses);
        ArgumentNullException.ThrowIfNull(groupSizes);
        if (prompts.Count != groupSizes.Count)
            throw new ArgumentException(
                $"There are {prompts.Count} prompts but {groupSizes.Count} group sizes; each prompt needs one."
            );
        for (var p = 0; p < prompts.Count; p++)
            if (prompts[p].Length == 0)
                throw new ArgumentException($"Prompt {p} is empty; a model needs at least one token to start from.");
        Prompts = prompts;
        Responses = responses;
        Layout = new TokenLayout([.. responses.Select(r => r.Length)], groupSizes);
    }

    /// <summary>[P] token ids of each prompt.</summary>
    public IReadOnlyList<int[]> Prompts { get; }

    /// <summary>[B] token ids of each response.</summary>
    public IReadOnlyList<int[]> Responses { get; }

    /// <summary>Where each response lies in a flat column, and its group.</summary>
    public TokenLayout Layout { get; }
}
