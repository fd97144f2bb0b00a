namespace UniPo;

/// <summary>Words that belong together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Terms">The words, each building on those before it.</param>
public sealed record GlossaryTopic(string Title, IReadOnlyList<GlossaryTerm> Terms);
