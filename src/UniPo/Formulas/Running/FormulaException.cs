namespace UniPo;

/// <summary>A formula that cannot be calculated: a letter that no batch knows, a token's number where a response's is needed, a
/// division by something that may be 0.</summary>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class FormulaException(string message) : ArgumentException(message);
