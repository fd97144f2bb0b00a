using System.Buffers;

namespace UniPo.Formulas;

/// <summary>The numbers of one run of a program: columns, derivatives and marks, in room that is borrowed and given back.</summary>
/// <remarks>
/// Columns a token wide hold the response at hand only, so that they stay in the processor's cache; all others hold the batch.
/// </remarks>
internal sealed class Frame : IDisposable
{
    private readonly FormulaProgram _program;
    private readonly double[] _room;
    private readonly ClipSide[] _marks;
    private readonly int[] _values,
        _slopes;
    private readonly double[]?[] _kept,
        _keptSlopes;
    private readonly int _first; // where the derivatives of nodes that hold the batch begin

    public Frame(FormulaProgram program, FormulaInputs inputs)
    {
        (_program, Inputs, Layout) = (program, inputs, inputs.Layout);
        var nodes = program.Nodes;
        (_values, _slopes, _kept, _keptSlopes) = (
            new int[nodes.Count],
            new int[nodes.Count],
            new double[]?[nodes.Count],
            new double[]?[nodes.Count]
        );
        var room = 0;
        foreach (var node in nodes)
            room = (_values[node.Id] = room) + Size(node);
        _first = room;
        foreach (var node in nodes.Where(n => n.Moves))
            room = (_slopes[node.Id] = room) + Size(node);
        _room = ArrayPool<double>.Shared.Rent(room);
        Array.Clear(_room, _first, room - _first);
        _marks = ArrayPool<ClipSide>.Shared.Rent(program.MarkColumns * Layout.MaxLength);
    }

    public FormulaInputs Inputs { get; }

    public TokenLayout Layout { get; }

    /// <summary>The response at hand.</summary>
    public int Row { get; private set; }

    /// <summary>First token of the response at hand.</summary>
    public int First { get; private set; }

    /// <summary>Its number of tokens, T_i.</summary>
    public int Length { get; private set; }

    /// <summary>[T_i] true where a token counts; empty when all do.</summary>
    public ReadOnlySpan<bool> Mask => Layout.RowMask(Row);

    public void MoveTo(int row) => (Row, First, Length) = (row, Layout.RowStarts[row], Layout.Length(row));

    /// <summary>How many numbers a column needs room for.</summary>
    private int Size(Node node) => node.Level == Level.Token ? Layout.MaxLength : Count(node.Level);

    /// <summary>How many numbers a column that holds the batch has.</summary>
    public int Count(Level level) =>
        level switch
        {
            Level.Batch => 1,
            Level.Group => Layout.Groups,
            Level.Pair => Inputs.Pairs.Count,
            Level.Response => Layout.Responses,
            _ => Layout.Tokens,
        };

    /// <summary>Keeps a token column for all responses in an array of the caller's.</summary>
    public void Keep(Node node, double[] column) => _kept[node.Id] = column;

    /// <summary>Keeps the derivatives of a token column for all responses; the array must be 0 everywhere.</summary>
    public void KeepSlopes(Node node, double[] column) => _keptSlopes[node.Id] = column;

    /// <summary>The numbers of a node where it is computed: of the response at hand, or of the batch for a whole node.</summary>
    public Span<double> Values(Node node) => Of(node, node.IsWhole, _kept[node.Id], _values[node.Id]);

    /// <summary>The derivatives of J by these numbers.</summary>
    public Span<double> Slopes(Node node) => Of(node, node.IsWhole, _keptSlopes[node.Id], _slopes[node.Id]);

    /// <summary>The numbers of an input as the node that reads it sees them.</summary>
    public ReadOnlySpan<double> Values(Node input, Node reader) =>
        input is TokenLeaf leaf ? leaf.Read(this) : Of(input, reader.IsWhole, _kept[input.Id], _values[input.Id]);

    /// <summary>The derivatives of an input as the node that reads it sees them.</summary>
    public Span<double> Slopes(Node input, Node reader) => Of(input, reader.IsWhole, _keptSlopes[input.Id], _slopes[input.Id]);

    private Span<double> Of(Node node, bool whole, double[]? kept, int at) =>
        node.Level == Level.Token
            ? kept is null
                ? _room.AsSpan(at, Length)
                : kept.AsSpan(First, Length)
            : whole || node.Level < Level.Response
                ? _room.AsSpan(at, Count(node.Level))
                : _room.AsSpan(at + Row, 1);

    /// <summary>True when the reader's every number meets the same one of the input.</summary>
    public static bool IsShared(Node input, Node reader) => input.Level < reader.Level;

    /// <summary>The one number of an input that all numbers of the reader at hand share.</summary>
    public double Shared(Node input) => _room[_values[input.Id] + Place(input)];

    /// <summary>Adds to the derivative of such a number.</summary>
    public void AddShared(Node input, double slope) => _room[_slopes[input.Id] + Place(input)] += slope;

    // A whole node that meets a coarser number meets one of the batch.
    private int Place(Node input) =>
        input.Level switch
        {
            Level.Batch => 0,
            Level.Group => Layout.GroupOf[Row],
            _ => Row,
        };

    /// <summary>All numbers of a column that holds the batch.</summary>
    public Span<double> All(Node node) => _room.AsSpan(_values[node.Id], Count(node.Level));

    /// <summary>All derivatives of a column that holds the batch.</summary>
    public Span<double> AllSlopes(Node node) => _room.AsSpan(_slopes[node.Id], Count(node.Level));

    /// <summary>[T_i] the bounds that bite in the response at hand.</summary>
    public Span<ClipSide> Marks(Node node) => _marks.AsSpan(node.Marks * Layout.MaxLength, Length);

    /// <summary>Which side a token has reached when what moves in this direction is held from above.</summary>
    public ClipSide Side(Direction direction, int token)
    {
        var sign = direction.Sign;
        if (sign == Direction.Unknown)
            sign = Math.Sign(Inputs.Batch.LogProbs.Row(Row)[token] - Inputs.Batch.OldLogProbs.Row(Row)[token]);
        else if (direction.Factor is { } factor)
            sign *= Math.Sign(factor.Level == Level.Token ? Token(factor)[token] : Shared(factor));
        return sign > 0 ? ClipSide.High
            : sign < 0 ? ClipSide.Low
            : ClipSide.None;
    }

    private ReadOnlySpan<double> Token(Node node) => node is TokenLeaf leaf ? leaf.Read(this) : Values(node);

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_room);
        ArrayPool<ClipSide>.Shared.Return(_marks);
    }
}
