namespace UniPo;

public sealed partial record RolloutBatch
{
    /// <summary>The same responses under a policy that has moved: other current log-probabilities, the old ones stay.</summary>
    /// <param name="logProbs">[ΣT] log π_θ of each token, in nats, ≤ 0; not copied.</param>
    public RolloutBatch WithLogProbs(double[] logProbs) => this with { LogProbs = new TokenColumn(Layout, logProbs) };

    /// <summary>The same responses under a policy that has moved, one array per response.</summary>
    /// <param name="rows">[B][T_i] log π_θ of each token, in nats, ≤ 0.</param>
    public RolloutBatch WithLogProbs(IReadOnlyList<double[]> rows) => this with { LogProbs = TokenColumn.FromRows(Layout, rows) };

    /// <summary>The same responses with one token's current log-probability changed.</summary>
    /// <param name="row">Response, in [0, B).</param>
    /// <param name="token">Position in the response, in [0, T_row).</param>
    /// <param name="logProb">Its new log π_θ, in nats, ≤ 0.</param>
    public RolloutBatch WithLogProb(int row, int token, double logProb)
    {
        if ((uint)row >= (uint)Layout.Responses)
            throw new ArgumentOutOfRangeException(
                nameof(row),
                row,
                $"Responses of this batch are numbered from 0 to {Layout.Responses - 1}."
            );
        if ((uint)token >= (uint)Layout.Length(row))
            throw new ArgumentOutOfRangeException(
                nameof(token),
                token,
                $"Tokens of response {row} are numbered from 0 to {Layout.Length(row) - 1}."
            );
        var moved = LogProbs.Values.ToArray();
        moved[Layout.RowStarts[row] + token] = logProb;
        return WithLogProbs(moved);
    }
}
