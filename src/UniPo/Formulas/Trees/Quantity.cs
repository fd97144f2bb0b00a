namespace UniPo;

/// <summary>Something a batch knows for every token, response or as a whole, and by what letter a formula calls it.</summary>
/// <param name="symbol">How it is written.</param>
/// <param name="meaning">What it is, in a few words without a full stop.</param>
public sealed class Quantity(Symbol symbol, string meaning)
{
    /// <summary>How it is written.</summary>
    public Symbol Symbol { get; } = symbol;

    /// <summary>What it is, in a few words without a full stop.</summary>
    public string Meaning { get; } = meaning;
}
