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

    /// <summary>Advantages that were settled on a larger rollout, taken as they are; null to calculate them from this batch.</summary>
    public TokenColumn? SettledAdvantages { get; init; }

    /// <summary>Current response; −1 outside of any.</summary>
    public int Row { get; init; } = -1;

    /// <summary>Current token of the response; −1 outside of any.</summary>
    public int Token { get; init; } = -1;

    /// <summary>Current prompt when no response is chosen; −1 for none.</summary>
    public int Group { get; init; } = -1;

    /// <summary>Flat index of the token whose log π_θ is the variable; −1 for none.</summary>
    public int Variable { get; init; } = -1;

    private readonly Dictionary<(Symbol, int Row, int Token, int Group, int Variable), Dual> _known = [];

    private readonly Dictionary<Symbol, bool> _moves = [];

    public Dual Remember(DefinitionNode definition, Func<Dual> calculate)
    {
        if (SettledAdvantages is { } settled && definition.Symbol.Base == "A") return settled.Values[Token >= 0 ? Flat : FirstActive()];
        if (!_moves.TryGetValue(definition.Symbol, out var moves)) _moves[definition.Symbol] = moves = Tree.Uses(definition, Quantities.LogProb);
        var perToken = definition.Symbol.Index.Contains('t', StringComparison.Ordinal);
        var place = (definition.Symbol, Row, perToken ? Token : -1, Group, moves ? Variable : -1);
        if (!_known.TryGetValue(place, out var value)) _known[place] = value = calculate();
        return value;
    }

    private int FirstActive()
    {
        for (var flat = Layout.RowStarts[Row]; flat < Layout.RowStarts[Row + 1]; flat++)
            if (Layout.IsActive(flat)) return flat;
        return Layout.RowStarts[Row];
    }

    private TokenLayout Layout => Batch.Layout;

    private int Flat => Layout.RowStarts[Row] + Token;

    private int HereGroup => Row >= 0 ? Layout.GroupOf[Row] : Group;

    public Dual Read(Quantity quantity)
    {
        if (quantity == Quantities.LogProb) return new Dual(Batch.LogProbs.Values[Flat], Flat == Variable ? 1 : 0);
        if (Columns.TryGetValue(quantity, out var column)) return column.Values[Flat];
        if (_readers.TryGetValue(quantity, out var read)) return read(this);
        throw new ArgumentException($"The batch has no value for {quantity.Symbol} ({quantity.Meaning}).");
    }

    private static readonly Dictionary<Quantity, Func<BatchScope, double>> _readers = new()
    {
        [Quantities.Reward] = s => s.Batch.Responses[s.Row].Reward,
        [Quantities.GreedyReward] = s => s.Batch.GreedyRewards![s.HereGroup],
        [Quantities.TokenReward] = s => s.TokenReward(),
        [Quantities.OldLogProb] = s => s.Batch.OldLogProbs.Values[s.Flat],
        [Quantities.ReferenceLogProb] = s => RolloutChecks.Reference(s.Batch).Values[s.Flat],
        [Quantities.Entropy] = s => s.Batch.Entropies!.Values[s.Flat],
        [Quantities.Value] = s => s.Batch.Values!.Values[s.Flat],
        [Quantities.OldValue] = s => s.Batch.OldValues!.Values[s.Flat],
        [Quantities.Length] = s => s.Layout.ActiveInRow[s.Row],
        [Quantities.Responses] = s => s.Layout.Responses,
        [Quantities.ActiveResponses] = s => s.Layout.ActiveResponses,
        [Quantities.Groups] = s => s.Layout.Groups,
        [Quantities.GroupSize] = s => s.Layout.GroupSize(s.HereGroup),
        [Quantities.MaxLength] = s => s.Layout.MaxLength,
    };

    private double TokenReward() => Batch.TokenRewards is { } dense ? dense.Values[Flat]
        : Token == Layout.Length(Row) - 1 ? Batch.Responses[Row].Reward : 0;

    public IEnumerable<IFormulaScope> Each(IndexRange range)
    {
        if (range == Over.Responses || range == Over.Batch) return Rows(0, Layout.Responses);
        if (range == Over.Group || range == Over.GroupMembers || range == Over.ResponsesOfGroup) return Rows(Layout.GroupStarts[HereGroup], Layout.GroupSize(HereGroup));
        if (range == Over.Others) return Rows(Layout.GroupStarts[HereGroup], Layout.GroupSize(HereGroup)).Where(s => s.Row != Row);
        if (range == Over.Groups) return Enumerable.Range(0, Layout.Groups).Select(g => this with { Group = g, Row = -1, Token = -1 });
        if (range == Over.Tokens) return Tokens(0);
        if (range == Over.ThisAndLaterTokens) return Tokens(Token);
        if (range == Over.NextToken) return Tokens(Token + 1).Take(1);
        if (range == Over.AllTokens) return Rows(0, Layout.Responses).SelectMany(s => s.Tokens(0));
        throw new ArgumentException($"A batch cannot tell what {range.Below} runs over.");
    }

    private IEnumerable<BatchScope> Rows(int first, int count) => Enumerable.Range(first, count).Select(row => this with { Row = row, Token = -1, Group = -1 });

    private IEnumerable<BatchScope> Tokens(int from) => Enumerable.Range(from, Layout.Length(Row) - from)
        .Select(t => this with { Token = t }).Where(s => Layout.IsActive(s.Flat));
}
