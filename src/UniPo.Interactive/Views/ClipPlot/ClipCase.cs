namespace UniPo.Interactive;

/// <summary>One of the six cases of a trust region: the sign of the advantage, and where the ratio lies.</summary>
/// <param name="Positive">True for A &gt; 0.</param>
/// <param name="Zone">−1 below the lower bound, 0 within, 1 above the upper bound.</param>
/// <param name="Slope">Derivative of the term per unit of |A| in the middle of the zone; 0 where a bound bites.</param>
/// <param name="Tokens">How many tokens of the batch are in this case.</param>
internal sealed record ClipCase(bool Positive, int Zone, double Slope, int Tokens)
{
    /// <summary>What happened to the token since it was sampled, and what the objective makes of it.</summary>
    public string Story =>
        (Positive, Zone, Stopped) switch
        {
            (true, 1, true) => "good, and already raised enough: stopped",
            (true, 1, false) => "good, and raised already: raised further",
            (true, 0, _) => "good: raised",
            (true, -1, true) => "good, but it fell: stopped",
            (true, -1, false) => "good, but it fell: raised again, the way back is open",
            (false, 1, true) => "bad, and it rose: stopped",
            (false, 1, false) => "bad, but it rose: lowered again, the way back is open",
            (false, 0, _) => "bad: lowered",
            (false, -1, true) => "bad, and already lowered enough: stopped",
            _ => "bad, and lowered already: lowered further",
        };

    /// <summary>True when no gradient is left.</summary>
    public bool Stopped => Slope == 0;

    /// <summary>What happens, in one word.</summary>
    public string Verb =>
        Stopped ? "stopped"
        : Positive ? "raised"
        : "lowered";
}
