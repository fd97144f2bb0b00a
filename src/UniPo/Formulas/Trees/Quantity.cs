namespace UniPo;

/// <summary>Something a batch knows for every token, response or as a whole, and by what letter a formula calls it.</summary>
public sealed class Quantity
{
    internal Quantity(Symbol symbol, string meaning) => (Symbol, Meaning) = (symbol, meaning);

    /// <summary>How it is written.</summary>
    public Symbol Symbol { get; }

    /// <summary>What it is, in a few words without a full stop.</summary>
    public string Meaning { get; }
}
