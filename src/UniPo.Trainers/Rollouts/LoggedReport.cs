namespace UniPo;

/// <summary>A report of what a log holds, without an objective: what is not logged stays unknown.</summary>
internal static class LoggedReport
{
    /// <summary>The report.</summary>
    /// <param name="rollout">The responses.</param>
    /// <param name="algorithm">Name for the views.</param>
    public static TokenReport Of(LoggedRollout rollout, string algorithm)
    {
        var unknown = new double[rollout.Batch.Layout.Tokens];
        Array.Fill(unknown, double.NaN);
        return new TokenReport
        {
            Objective = new LoggedObjective { Name = algorithm },
            Batch = rollout.Batch,
            Weight = new TokenColumn(rollout.Batch.Layout, unknown),
            Advantage = rollout.Advantages,
            Ratio = rollout.Ratio,
            Summary = new ObjectiveSummary { Objective = double.NaN, TokensWithoutGradient = double.NaN },
        };
    }
}
