namespace UniPo;

/// <summary>One line on the way from log-probabilities to a weight: its letter, and what is said of a token beside it.</summary>
/// <param name="Part">The part of the objective it belongs to.</param>
/// <param name="Letter">The letter, with what it stands for.</param>
/// <param name="Says">Sentences as cases; the first that applies is said. Empty to say what the letter means.</param>
internal sealed record ObjectiveLine(string Part, DefinitionNode Letter, IReadOnlyList<Sentence> Says);
