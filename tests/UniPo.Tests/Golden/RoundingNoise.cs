namespace UniPo.Tests.Golden;

/// <summary>What rounding leaves of advantages that are 0: equal rewards minus their mean, divided by ε alone.</summary>
/// <remarks>
/// The mean of n equal rewards r is off by up to n·u·|r|, u being the unit of rounding, unless r is a short binary fraction. Upstream
/// divides that by a spread of 0 plus ε (1e-9 in OpenRLHF: 0.1 becomes 1e-8); this library gives exactly 0. Only there, at the
/// responses of a group with equal rewards, is an absolute difference of n·u·|r|/ε allowed.
/// </remarks>
internal static class RoundingNoise
{
    private const double Double = 1.0 / (1L << 52);
    private const double Single = 1.0 / (1L << 23);

    /// <param name="rewards">The rewards that the estimator compares: one a response.</param>
    /// <param name="singlePrecision">Whether upstream computes in single precision.</param>
    /// <returns>The allowance at every token.</returns>
    public static double[] Of(
        Advantage estimator,
        TokenLayout layout,
        IReadOnlyList<double> rewards,
        bool singlePrecision = false
    )
    {
        var unit = singlePrecision ? Single : Double;
        var noise = new double[layout.Tokens];
        for (var group = 0; group < layout.Groups; group++)
        {
            var rows = Enumerable.Range(layout.GroupStarts[group], layout.GroupSize(group)).ToArray();
            var (least, most) = (rows.Min(r => rewards[r]), rows.Max(r => rewards[r]));
            var rounding = (rows.Length + 2) * unit * Math.Max(Math.Abs(least), Math.Abs(most));
            if (rows.Length < 2 || most - least > rounding)
                continue;
            foreach (var row in rows)
                Array.Fill(noise, rounding / Epsilon(estimator), layout.RowStarts[row], layout.Length(row));
        }
        return noise;
    }

    // What the noise is divided by where nothing has a spread; whitening divides by √ε.
    private static double Epsilon(Advantage estimator) =>
        estimator switch
        {
            GroupMeanStd g => g.Epsilon * Spread(g.Whiten),
            BestOfGroup { DivideByStd: true } b => b.Epsilon,
            NormalizedRewardSum n => n.Epsilon * Spread(n.Whiten),
            GroupMean g => Spread(g.Whiten),
            RewardToGo r => Spread(r.Whiten),
            _ => 1,
        };

    private static double Spread(Whitening? whiten) => whiten is { DivideByStd: true } ? Math.Sqrt(whiten.Epsilon) : 1;
}
