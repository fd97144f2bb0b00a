using System.Globalization;

namespace UniPo;

/// <summary>Asks a report why.</summary>
public static class TokenReportExplanations
{
    /// <summary>Why a token got its weight: the formula with its numbers, step by step.</summary>
    /// <param name="report">What an objective said about a batch.</param>
    /// <param name="row">The response, in [0, B).</param>
    /// <param name="token">The token's position in the response, in [0, T_row).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public static TokenExplanation Explain(this TokenReport report, int row, int token)
    {
        ArgumentNullException.ThrowIfNull(report);
        var layout = report.Batch.Layout;
        if (row < 0 || row >= layout.Responses)
            throw new ArgumentOutOfRangeException(
                nameof(row),
                Text($"The batch has responses 0 to {layout.Responses - 1}, but response {row} was asked for.")
            );
        if (token < 0 || token >= layout.Length(row))
            throw new ArgumentOutOfRangeException(
                nameof(token),
                Text($"Response {row} has tokens 0 to {layout.Length(row) - 1}, but token {token} was asked for.")
            );
        return report.Objective.Explain(report, row, token);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
