namespace UniPo;

/// <summary>Which bound of a trust region bites on a token, so that the token gets no (or less) gradient.</summary>
public enum ClipSide : byte
{
    /// <summary>No bound bites.</summary>
    None,

    /// <summary>The ratio fell below the lower bound.</summary>
    Low,

    /// <summary>The ratio rose above the upper bound.</summary>
    High,

    /// <summary>
    /// Another rule than a bound on the ratio took the token out (or held it back), for instance its covariance.
    /// </summary>
    Dropped,
}
