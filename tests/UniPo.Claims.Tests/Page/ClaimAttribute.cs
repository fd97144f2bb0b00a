namespace UniPo.Claims.Tests;

/// <summary>A test that computes one claim of the course.</summary>
/// <param name="lesson">Number of the lesson that makes it.</param>
/// <param name="claim">The claim, as it is usually told.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaimAttribute(string lesson, string claim) : FactAttribute
{
    /// <summary>Number of the lesson that makes it.</summary>
    public string Lesson => lesson;

    /// <summary>The claim, as it is usually told.</summary>
    public string Claim => claim;
}
