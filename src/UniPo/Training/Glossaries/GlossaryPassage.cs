namespace UniPo;

/// <summary>A piece of a text: a word that the glossary explains, or what stands between such words.</summary>
/// <param name="Text">The piece as it stands in the text.</param>
/// <param name="Term">The word's entry; null for the text in between.</param>
public sealed record GlossaryPassage(string Text, GlossaryTerm? Term);
