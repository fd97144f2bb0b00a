using UniPo.Numerics;

namespace UniPo;

/// <summary>A response and a token of a batch, from which a formula's letters get their values.</summary>
/// <remarks>Derivatives are with respect to log π_θ of one chosen token, the "variable".</remarks>
internal sealed record BatchScope : IFormulaScope
{
    /// <summary>The responses; masks already applied.</summary>
    public required RolloutBatch Batch { get; init; }

    /// <summary>Numbers that the formula leaves to the code: columns by letter. Null columns are never asked for.</summary>
    public IReadOnlyDictionary<Quantity, TokenColumn> Columns { get; init; } = new Dictionary<Quantity, TokenColumn>();

    /// <summary>
    /// Advantages that were settled on a larger rollout, taken as they are; null to calculate them from this batch.
    /// </summary>
    public TokenColumn? SettledAdvantages { get; init; }

    /// <summary>Current response; −1 outside of any.</summary>
    public int Row { get; init; } = -1;

    /// <summary>Current token of the response; −1 outside of any.</summary>
    public int Token { get; init; } = -1;

    /// <summary>Current prompt when no response is chosen; −1 for none.</summary>
    public int Group { get; init; } = -1;

    /// <summary>Token from which a sum over later tokens was entered; −1 outside of one.</summary>
    public int Anchor { get; init; } = -1;

    /// <summary>Current reward part; −1 outside of a sum over parts.</summary>
    public int Part { get; init; } = -1;

    /// <summary>Current pair; −1 outside of one.</summary>
    public int Pair { get; init; } = -1;

    /// <summary>The pairs of a preference objective.</summary>
    public IReadOnlyList<ResponsePair> Pairs { get; init; } = [];

    /// <summary>[K] weight of each reward part; null to weigh all by 1.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Flat index of the token whose log π_θ is the variable; −1 for none.</summary>
    public int Variable { get; init; } = -1;

    private readonly Dictionary<(Symbol, int Row, int Token, int Group, int Pair, int Variable), Dual> _known = [];

    private readonly Dictionary<Symbol, bool> _moves = [];

    public Dual Remember(DefinitionNode definition, Func<Dual> calculate)
    {
        if (SettledAdvantages is { } settled && definition.Symbol.Base == "A")
            return settled.Values[Token >= 0 ? Flat : FirstActive()];
        if (!_moves.TryGetValue(definition.Symbol, out var moves))
            _moves[definition.Symbol] = moves = Tree.Uses(definition, Quantities.LogProb);
        var perToken = definition.Symbol.Index.Contains('t', StringComparison.Ordinal);
        var place = (definition.Symbol, Row, perToken ? Token : -1, Group, Pair, moves ? Variable : -1);
        if (!_known.TryGetValue(place, out var value))
            _known[place] = value = calculate();
        return value;
    }

    private int FirstActive()
    {
        for (var flat = Layout.RowStarts[Row]; flat < Layout.RowStarts[Row + 1]; flat++)
            if (Layout.IsActive(flat))
                return flat;
        return Layout.RowStarts[Row];
    }

    private TokenLayout Layout => Batch.Layout;

    private int Flat => Layout.RowStarts[Row] + Token;

    private int HereGroup => Row >= 0 ? Layout.GroupOf[Row] : Group;

    public Dual Read(Quantity quantity)
    {
        if (quantity == Quantities.LogProb)
            return new Dual(Batch.LogProbs.Values[Flat], Flat == Variable ? 1 : 0);
        if (Columns.TryGetValue(quantity, out var column))
            return column.Values[Token >= 0 ? Flat : FirstActive()];
        if (_readers.TryGetValue(quantity, out var read))
            return read(this);
        throw new ArgumentException($"The batch has no value for {quantity.Symbol} ({quantity.Meaning}).");
    }

    private static readonly Dictionary<Quantity, Func<BatchScope, double>> _readers = new()
    {
        [Quantities.Position] = s => s.CountActive(0, s.Token) + 1,
        [Quantities.TokensLater] = s => s.CountActive(s.Anchor, s.Token),
        [Quantities.PlacesLater] = s => s.Token - s.Anchor,
        [Quantities.Counts] = s => s.Layout.IsActive(s.Flat) ? 1 : 0,
        [Quantities.RewardPart] = s =>
            s.Batch.Responses[s.Row].RewardParts is { Count: > 0 } parts ? parts[s.Part] : s.Batch.Responses[s.Row].Reward,
        [Quantities.RewardConfidence] = s => s.Batch.Responses[s.Row].RewardConfidences is { Count: > 0 } sure ? sure[s.Part] : 1,
        [Quantities.RewardWeight] = s => s.Weights is { Count: > 0 } w ? w[s.Part] : 1,
        [Quantities.SamplerLogProb] = s => s.Batch.SamplerLogProbs!.Values[s.Flat],
        [Quantities.SamplerWeight] = s => s.Batch.SamplerWeights!.Values[s.Flat],
        [Quantities.MicroBatches] = _ => 1,
        [Quantities.Pairs] = s => s.Pairs.Count,
        [Quantities.Reward] = s => s.Batch.Responses[s.Row].Reward,
        [Quantities.GreedyReward] = s => s.Batch.GreedyRewards![s.HereGroup],
        [Quantities.TokenReward] = s => s.TokenReward(),
        [Quantities.OldLogProb] = s => s.Batch.OldLogProbs.Values[s.Flat],
        [Quantities.ReferenceLogProb] = s => FormulaCompiler.ReferenceOf(s.Batch).Values[s.Flat],
        [Quantities.Entropy] = s => s.Batch.Entropies!.Values[s.Flat],
        [Quantities.Value] = s => s.Batch.Values!.Values[s.Flat],
        [Quantities.OldValue] = s => s.Batch.OldValues!.Values[s.Flat],
        [Quantities.Length] = s => s.Layout.ActiveInRow[s.Row],
        [Quantities.Responses] = s => s.Layout.Responses,
        [Quantities.ActiveResponses] = s => s.Layout.ActiveResponses,
        [Quantities.Groups] = s => s.Layout.Groups,
        [Quantities.GroupSize] = s => s.Layout.GroupSize(s.HereGroup),
        [Quantities.MaxLength] = s => s.Batch.MaxTokens ?? s.Layout.MaxLength,
    };

    private double TokenReward() =>
        Batch.TokenRewards is { } dense ? dense.Values[Flat]
        : Layout.IsActive(Flat) && CountActive(Token + 1, Layout.Length(Row)) == 0 ? Batch.Responses[Row].Reward
        : 0;

    /// <summary>Active tokens of the response from one position up to, but without, another.</summary>
    private double CountActive(int from, int to)
    {
        var count = 0;
        for (var t = from; t < to; t++)
            if (Layout.IsActive(Layout.RowStarts[Row] + t))
                count++;
        return count;
    }

    public IEnumerable<IFormulaScope> Each(IndexRange range)
    {
        if (range == Over.Responses || range == Over.Batch || range == Over.MicroBatch)
            return Rows(0, Layout.Responses);
        if (range == Over.Group || range == Over.GroupMembers || range == Over.ResponsesOfGroup)
            return Rows(Layout.GroupStarts[HereGroup], Layout.GroupSize(HereGroup));
        if (range == Over.Others)
            return Layout.GroupSize(HereGroup) == 1
                ? [this]
                : Rows(Layout.GroupStarts[HereGroup], Layout.GroupSize(HereGroup)).Where(s => s.Row != Row);
        if (range == Over.Groups)
            return Enumerable.Range(0, Layout.Groups).Select(g => this with { Group = g, Row = -1, Token = -1 });
        if (range == Over.AllTokens)
            return Rows(0, Layout.Responses).SelectMany(s => s.Tokens(0));
        if (range == Over.RewardParts)
            return Enumerable.Range(0, Math.Max(Batch.Responses[Row].RewardParts.Count, 1)).Select(k => this with { Part = k });
        if (range == Over.Pairs)
            return Enumerable.Range(0, Pairs.Count).Select(p => this with { Pair = p });
        if (range == Over.Chosen)
            return [this with { Row = Pairs[Pair].Chosen, Token = -1 }];
        if (range == Over.Rejected)
            return [this with { Row = Pairs[Pair].Rejected, Token = -1 }];
        return InResponse(range);
    }

    private IEnumerable<IFormulaScope> InResponse(IndexRange range)
    {
        if (range == Over.Tokens)
            return Tokens(0);
        if (range == Over.NextToken)
            return Tokens(Token + 1).Take(1);
        if (range == Over.NextPlace)
            return Places(Token + 1).Take(1);
        var anchored = this with { Anchor = Token };
        if (range == Over.ThisAndLaterTokens)
            return anchored.Tokens(Token);
        if (range == Over.ThisAndLaterPlaces)
            return anchored.Places(Token);
        if (range == Over.UntilMasked)
            return anchored.Places(Token).TakeWhile(s => Layout.IsActive(s.Flat));
        throw new ArgumentException($"A batch cannot tell what {range.Below} runs over.");
    }

    private IEnumerable<BatchScope> Rows(int first, int count) =>
        Enumerable.Range(first, count).Select(row => this with { Row = row, Token = -1, Group = -1 });

    private IEnumerable<BatchScope> Places(int from) =>
        Enumerable.Range(from, Layout.Length(Row) - from).Select(t => this with { Token = t });

    private IEnumerable<BatchScope> Tokens(int from) => Places(from).Where(s => Layout.IsActive(s.Flat));
}
