using UniPo.Numerics;

namespace UniPo;

/// <summary>DAPO's soft overlong penalty: 0 up to L_max − buffer tokens, then falling linearly to −factor at L_max.</summary>
/// <remarks>
/// Yu et al. 2025 (DAPO), equation 13. TRL (<c>get_soft_overlong_punishment</c>) and OpenRLHF stop at −factor, verl's reward
/// manager does not: <see cref="Floored"/>.
/// </remarks>
public sealed record OverlongPenalty
{
    /// <summary>Length of the falling part, in tokens; at least 0.</summary>
    public double Buffer
    {
        get;
        init => field = Require.NotNegative(value, "OverlongPenalty.Buffer");
    }

    /// <summary>Penalty at the length limit, in units of reward; at least 0. Default 1.</summary>
    public double Factor
    {
        get;
        init => field = Require.NotNegative(value, "OverlongPenalty.Factor");
    } = 1;

    /// <summary>False to let the penalty fall on beyond the limit. Default true.</summary>
    public bool Floored { get; init; } = true;

    /// <summary>What is added to the reward of a response.</summary>
    /// <param name="length">Its length in tokens.</param>
    /// <param name="maxLength">Longest response allowed, in tokens.</param>
    /// <returns>In [−<see cref="Factor"/>, 0] when floored.</returns>
    public double At(double length, double maxLength)
    {
        var over = length - (maxLength - Buffer);
        if (over <= 0)
            return 0;
        var penalty = Buffer == 0 ? -Factor : -over / Buffer * Factor;
        return Floored ? Math.Max(penalty, -Factor) : penalty;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant(
            $"reward falls by {Factor} over the last {Buffer} tokens before the length limit{(Floored ? "" : " and on beyond it")}"
        );
}
