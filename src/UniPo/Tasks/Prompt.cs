namespace UniPo;

/// <summary>A question put to the policy.</summary>
/// <param name="Text">What the policy reads.</param>
/// <param name="Answer">The right answer, when there is exactly one; else null.</param>
public sealed record Prompt(string Text, string? Answer = null);
