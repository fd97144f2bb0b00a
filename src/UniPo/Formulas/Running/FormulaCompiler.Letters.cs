namespace UniPo.Formulas;

// What the letters of a formula stand for.
internal sealed partial class FormulaCompiler
{
    private Node Settled(string letter, Level level) =>
        level == Level.Response
            ? Add(("settled", letter), () => new SharedLeaf(i => i.Columns[letter]))
            : Add(("settled", letter), () => new TokenLeaf(i => i.Columns[letter], moves: false));

    private Node Quantity(Quantity quantity)
    {
        if (_shape.Given.TryGetValue(quantity, out var level))
            return level switch
            {
                Level.Response => Add(quantity, () => new SharedLeaf(i => i.Columns[quantity])),
                Level.Batch => Number(quantity, i => i.Numbers[quantity]),
                Level.Pair => Add(quantity, () => new BatchLeaf(Level.Pair, (_, _) => { })), // only while a part is checked
                _ => Add(quantity, () => new TokenLeaf(i => i.Columns[quantity], moves: false)),
            };
        if (quantity == Quantities.OldValue) // some trainers read the critic on masked tokens, too
            return Add(quantity, () => new RawTokenLeaf(i => Needed(i.Batch.OldValues, "OldValues")));
        if (_tokens.TryGetValue(quantity, out var column))
            return Add(
                quantity,
                new Direction(quantity == Quantities.LogProb ? 1 : 0),
                () => new TokenLeaf(i => column(i.Batch), _shape.Moving.Contains(quantity))
            );
        if (_batch.TryGetValue(quantity, out var read))
            return Add(quantity, () => new BatchLeaf(read.Level, read.Read));
        return quantity == Quantities.RewardPart || quantity == Quantities.RewardConfidence || quantity == Quantities.RewardWeight
                ? OfPart(quantity)
            : quantity == Quantities.TokenReward ? TokenReward()
            : quantity == Quantities.Position ? Add(quantity, () => new PositionNode())
            : quantity == Quantities.Counts ? Add(quantity, () => new MaskLeaf())
            : quantity == Quantities.TokensLater || quantity == Quantities.PlacesLater
                ? throw new FormulaException(
                    "s−t counts tokens inside a sum over later tokens; write it as the power of a factor, γ^(s−t), of that sum."
                )
            : throw new FormulaException(
                $"No batch knows the letter {quantity.Symbol} ({quantity.Meaning}); the letters there are: {string.Join(", ", Letters)}."
            );
    }

    /// <summary>The letters that every batch (or one with the column) knows, as text.</summary>
    public static IEnumerable<string> Letters =>
        _tokens
            .Keys.Concat(_batch.Keys)
            .Append(Quantities.TokenReward)
            .Append(Quantities.OldValue)
            .Select(q => q.Symbol.ToString());

    private Node Number(Quantity quantity, Func<FormulaInputs, double> read) =>
        Add(quantity, () => new BatchLeaf(Level.Batch, (i, r) => r[0] = read(i)));

    private static TokenColumn Needed(TokenColumn? column, string name) =>
        column ?? throw new ArgumentException($"The formula needs {name}, but the batch has none.");

    private static readonly Dictionary<Quantity, Func<RolloutBatch, TokenColumn>> _tokens = new()
    {
        [Quantities.LogProb] = b => b.LogProbs,
        [Quantities.OldLogProb] = b => b.OldLogProbs,
        [Quantities.ReferenceLogProb] = ReferenceOf,
        [Quantities.SamplerLogProb] = b => Needed(b.SamplerLogProbs, "SamplerLogProbs"),
        [Quantities.SamplerWeight] = b => Needed(b.SamplerWeights, "SamplerWeights"),
        [Quantities.Entropy] = b => Needed(b.Entropies, "Entropies"),
        [Quantities.Value] = b => Needed(b.Values, "Values"),
    };

    /// <summary>The reference's log-probabilities, or a sentence that says how to get them.</summary>
    public static TokenColumn ReferenceOf(RolloutBatch batch) =>
        batch.ReferenceLogProbs
        ?? throw new ArgumentException(
            "The formula needs ReferenceLogProbs, but the batch has none. Score it with a reference policy (batch.WithReference(policy)), or leave the reference out of the objective."
        );

    private static readonly Dictionary<Quantity, (Level Level, BatchReader Read)> _batch = new()
    {
        [Quantities.Reward] = (Level.Response, (i, r) => i.Batch.Rewards().CopyTo(r)),
        [Quantities.Length] = (
            Level.Response,
            (i, r) =>
            {
                for (var row = 0; row < r.Length; row++)
                    r[row] = i.Layout.ActiveInRow[row];
            }
        ),
        [Quantities.GreedyReward] = (
            Level.Group,
            (i, r) =>
            {
                for (var g = 0; g < r.Length; g++)
                    r[g] = i.Batch.GreedyRewards![g];
            }
        ),
        [Quantities.GroupSize] = (
            Level.Group,
            (i, r) =>
            {
                for (var g = 0; g < r.Length; g++)
                    r[g] = i.Layout.GroupSize(g);
            }
        ),
        [Quantities.Responses] = (Level.Batch, (i, r) => r[0] = i.Totals.Responses),
        [Quantities.ActiveResponses] = (Level.Batch, (i, r) => r[0] = i.Totals.ActiveResponses),
        [Quantities.Groups] = (Level.Batch, (i, r) => r[0] = i.Totals.Groups),
        [Quantities.MaxLength] = (Level.Batch, (i, r) => r[0] = i.Totals.MaxLength),
        [Quantities.MicroBatches] = (Level.Batch, (i, r) => r[0] = i.Totals.MicroBatches),
        [Quantities.Pairs] = (Level.Batch, (i, r) => r[0] = Math.Max(i.Totals.Pairs ?? i.Pairs.Count, 1)),
    };

    private Node TokenReward() =>
        _shape.DenseRewards
            ? Add(Quantities.TokenReward, () => new RawTokenLeaf(i => i.Batch.TokenRewards!))
            : Add(Quantities.TokenReward, () => new FinalRewardNode(Quantity(Quantities.Reward)));

    private Node OfPart(Quantity quantity)
    {
        if (_part < 0)
            throw new FormulaException(
                $"{quantity.Symbol} belongs to one of several rewards; write it inside a sum over Over.RewardParts."
            );
        var k = _part;
        if (quantity == Quantities.RewardWeight)
            return Add(
                (quantity, k),
                () => new BatchLeaf(Level.Batch, (i, r) => r[0] = i.PartWeights is { Count: > 0 } w ? w[k] : 1)
            );
        return Add(
            (quantity, k),
            () =>
                new BatchLeaf(
                    Level.Response,
                    (i, r) =>
                    {
                        for (var row = 0; row < r.Length; row++)
                            r[row] = PartOf(i.Batch.Responses[row], quantity == Quantities.RewardPart, k);
                    }
                )
        );
    }

    // Without parts the response's one reward is taken; without confidences every judge is sure.
    private static double PartOf(Response response, bool reward, int k) =>
        reward
            ? response.RewardParts is { Count: > 0 } parts
                ? parts[k]
                : response.Reward
            : response.RewardConfidences is { Count: > 0 } sure
                ? sure[k]
                : 1;
}
