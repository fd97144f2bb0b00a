namespace UniPo.Tests.Golden;

/// <summary>An input batch of the golden files: padded to width T, with a mask for what counts.</summary>
internal sealed class GoldenBatch(GoldenCase source)
{
    public GoldenCase Source { get; } = source;

    public string Name => Source.Text("name");

    public int Rows => (int)Source.Number("B");

    public int Width => (int)Source.Number("T");

    public int[] GroupSizes => [.. Source.Numbers("group_sizes").Select(g => (int)g)];

    public double[] Lengths => Source.Numbers("lengths");

    public double[][] Mask => Source.Grid("mask");

    public double[] Flat(string column) => [.. Source.Grid(column).SelectMany(row => row)];

    /// <summary>The batch as the library sees it.</summary>
    /// <param name="mask">Name of the mask column, or an explicit mask.</param>
    /// <param name="tokenRewards">Name of the column of token rewards; null for outcome rewards.</param>
    /// <param name="groups">Sizes of the prompt groups; null for the batch's own.</param>
    public RolloutBatch ToRollout(string mask = "mask", string? tokenRewards = null, int[]? groups = null) =>
        ToRollout(Source.Grid(mask), tokenRewards, groups);

    public RolloutBatch ToRollout(
        double[][] mask,
        string? tokenRewards = null,
        int[]? groupSizes = null,
        double[]? outcomes = null
    )
    {
        groupSizes ??= GroupSizes;
        var layout = new TokenLayout(
            [.. Enumerable.Repeat(Width, Rows)],
            groupSizes,
            [.. mask.SelectMany(r => r).Select(m => m > 0)]
        );
        TokenColumn Column(string name) => new(layout, Flat(name));
        var rewards =
            outcomes ?? (tokenRewards is null ? Source.Numbers("rewards") : [.. Source.Grid(tokenRewards).Select(r => r.Sum())]);
        var truncated = Source.Numbers("truncated");
        var row = 0;
        var groups = groupSizes
            .Select(size => new ResponseGroup(new Prompt("golden"), [.. Enumerable.Range(0, size).Select(_ => One(row++))]))
            .ToArray();
        Response One(int i) =>
            new()
            {
                Symbols = [.. Enumerable.Repeat("x", Width)],
                Reward = rewards[i],
                Truncated = truncated[i] > 0,
            };
        return new RolloutBatch
        {
            Groups = groups,
            Layout = layout,
            LogProbs = Column("log_probs"),
            OldLogProbs = Column("old_log_probs"),
            ReferenceLogProbs = Column("ref_log_probs"),
            SamplerLogProbs = Column("rollout_log_probs"),
            Entropies = Column("entropies"),
            OldValues = Column("values"),
            Values = Column("new_values"),
            TokenRewards = tokenRewards is null ? null : Column(tokenRewards),
            GreedyRewards = layout.Groups == Rows ? Source.Numbers("reward_baselines") : null,
        };
    }

    /// <summary>Advantages as a column: one number a row or one a token, masked tokens at 0.</summary>
    public static TokenColumn Advantages(TokenLayout layout, double[][] values)
    {
        var column = new double[layout.Tokens];
        for (var row = 0; row < layout.Responses; row++)
        for (var t = 0; t < layout.Length(row); t++)
            if (layout.IsActive(layout.RowStarts[row] + t))
                column[layout.RowStarts[row] + t] = values[row][values[row].Length == 1 ? 0 : t];
        return new TokenColumn(layout, column);
    }

    public double[][] Grid(string column) =>
        Source.Json.GetProperty(column)[0].ValueKind == System.Text.Json.JsonValueKind.Array
            ? Source.Grid(column)
            : [.. Source.Numbers(column).Select(v => new[] { v })];
}
