using UniPo.Numerics;

namespace UniPo;

/// <summary>What a weight does to a token, in words.</summary>
internal static class WeightWords
{
    public static string Of(TokenReport report, int row, int token)
    {
        if (!report.Batch.Layout.IsActive(report.Batch.Layout.RowStarts[row] + token))
            return "The token is masked: it enters no sum and gets no weight.";
        var weight = report.Weight[row, token];
        if (double.IsNaN(weight))
            return "The weight of this token is not known: the log that it was read from does not hold it.";
        if (weight == 0)
            return "Weight 0: the update does not touch this token.";
        return $"Weight {NumberText.Rounded(weight)}: the update pushes the token's log-probability {(weight > 0 ? "up" : "down")}.";
    }
}
