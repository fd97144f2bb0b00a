namespace UniPo;

/// <summary>One token under two objectives; a number that has no meaning for an objective is null.</summary>
/// <param name="Row">The response, in [0, B).</param>
/// <param name="Token">Its position in the response, from 0.</param>
/// <param name="Symbol">The token as text.</param>
/// <param name="First">The first objective's weight w = ∂J/∂log π.</param>
/// <param name="Second">The second objective's weight.</param>
public sealed record TokenContrast(int Row, int Token, string Symbol, double First, double Second)
{
    /// <summary>The first objective's ratio.</summary>
    public double? FirstRatio { get; init; }

    /// <summary>The second objective's ratio.</summary>
    public double? SecondRatio { get; init; }

    /// <summary>The first objective's advantage.</summary>
    public double? FirstAdvantage { get; init; }

    /// <summary>The second objective's advantage.</summary>
    public double? SecondAdvantage { get; init; }

    /// <summary>The first objective's term before aggregation.</summary>
    public double? FirstTerm { get; init; }

    /// <summary>The second objective's term before aggregation.</summary>
    public double? SecondTerm { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Numerics.InvariantText.Of(nameof(TokenContrast), PrintMembers);
}
