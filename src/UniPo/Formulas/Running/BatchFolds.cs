using UniPo.Numerics;

namespace UniPo.Formulas;

/// <summary>Over which responses, groups, pairs or tokens a whole node folds.</summary>
internal enum Scope
{
    /// <summary>All tokens that count → one number.</summary>
    AllTokens,

    /// <summary>All responses → one number.</summary>
    Responses,

    /// <summary>The responses of each group → one number a group.</summary>
    Group,

    /// <summary>For each response the others of its group; a response that is alone stands for its own others.</summary>
    Others,

    /// <summary>All groups → one number.</summary>
    Groups,

    /// <summary>All pairs → one number.</summary>
    Pairs,
}

/// <summary>A node that makes one number of many, which belong to different responses.</summary>
/// <remarks>
/// A number that is not known (NaN: an unscorable response) stays out, unless it depends on the policy. Equal numbers have exactly
/// their own mean: rounding must not give a group of equal rewards a gradient.
/// </remarks>
internal abstract class WholeFold(Scope scope, Node body, params Node[] more) : Node(LevelOf(scope), [body, .. more])
{
    protected Node Body { get; } = body;

    protected Scope Scope { get; } = scope;

    public override bool IsWhole => true;

    private static Level LevelOf(Scope scope) =>
        scope switch
        {
            Scope.Group => Level.Group,
            Scope.Others => Level.Response,
            _ => Level.Batch,
        };

    /// <summary>Computes one result from its elements.</summary>
    protected abstract double Fold(ReadOnlySpan<double> elements, Frame frame, int place);

    /// <summary>∂result/∂element for each of them.</summary>
    protected abstract void Slopes(ReadOnlySpan<double> elements, double result, Frame frame, int place, Span<double> slopes);

    public sealed override void Forward(Frame frame)
    {
        var r = frame.All(this);
        var all = frame.All(Body);
        if (Scope == Scope.Others)
            ForOthers(frame, all, r);
        else
            for (var place = 0; place < r.Length; place++)
                r[place] = Fold(all[Elements(frame, place)], frame, place);
    }

    private Range Elements(Frame frame, int place) =>
        Scope == Scope.Group ? frame.Layout.GroupStarts[place]..frame.Layout.GroupStarts[place + 1] : Range.All;

    private void ForOthers(Frame frame, ReadOnlySpan<double> all, Span<double> r)
    {
        Span<double> others = new double[frame.Layout.Responses];
        for (var row = 0; row < r.Length; row++)
            r[row] = Fold(others[..CopyOthers(frame, all, row, others)], frame, row);
    }

    private static int CopyOthers(Frame frame, ReadOnlySpan<double> all, int row, Span<double> others)
    {
        var group = frame.Layout.GroupOf[row];
        var first = frame.Layout.GroupStarts[group];
        var end = frame.Layout.GroupStarts[group + 1];
        if (end - first == 1)
            others[0] = all[row];
        else
        {
            all[first..row].CopyTo(others);
            all[(row + 1)..end].CopyTo(others[(row - first)..]);
        }
        return Math.Max(end - first - 1, 1);
    }

    public sealed override void Backward(Frame frame)
    {
        var all = frame.All(Body);
        var results = frame.All(this);
        var mine = frame.AllSlopes(this);
        var target = frame.AllSlopes(Body);
        Span<double> room = new double[all.Length],
            others = Scope == Scope.Others ? new double[all.Length] : [];
        for (var place = 0; place < results.Length; place++)
        {
            if (mine[place] == 0)
                continue;
            if (Scope != Scope.Others)
            {
                var range = Elements(frame, place);
                var slopes = room[range];
                Slopes(all[range], results[place], frame, place, slopes);
                RowKernels.AddScaled(mine[place], slopes, target[range]);
                continue;
            }
            var count = CopyOthers(frame, all, place, others);
            Slopes(others[..count], results[place], frame, place, room[..count]);
            var first = frame.Layout.GroupStarts[frame.Layout.GroupOf[place]];
            for (var n = 0; n < count; n++)
                target[
                    frame.Layout.GroupSize(frame.Layout.GroupOf[place]) == 1 ? place : first + n + (first + n >= place ? 1 : 0)
                ] += mine[place] * room[n];
        }
    }
}

/// <summary>Σ, mean, largest or median over responses, groups or pairs.</summary>
internal sealed class PlainFold(Fold fold, Scope scope, Node body) : WholeFold(scope, body)
{
    public override bool IsLinear => fold is Formulas.Fold.Sum or Formulas.Fold.Mean;

    protected override double Fold(ReadOnlySpan<double> elements, Frame frame, int place)
    {
        if (Body.Moves && fold == Formulas.Fold.Sum)
            return DoubleKernels.Sum(elements);
        return fold switch
        {
            Formulas.Fold.Sum or Formulas.Fold.Count => SampleStatistics.Sum(elements),
            Formulas.Fold.Mean => SampleStatistics.Mean(elements),
            Formulas.Fold.Max => SampleStatistics.Largest(elements),
            Formulas.Fold.Median => SampleStatistics.Median(elements),
            _ => throw new ArgumentException($"{fold} is no fold over responses."),
        };
    }

    protected override void Slopes(ReadOnlySpan<double> elements, double result, Frame frame, int place, Span<double> slopes)
    {
        var hits = 0;
        foreach (var x in elements)
            if (x == result)
                hits++;
        for (var i = 0; i < elements.Length; i++)
            slopes[i] = fold switch
            {
                Formulas.Fold.Sum => 1,
                Formulas.Fold.Mean => 1.0 / elements.Length,
                _ => elements[i] == result ? 1.0 / hits : 0, // largest and median: those that are it
            };
    }
}

/// <summary>Standard deviation over responses, around a mean that was computed before.</summary>
internal sealed class SpreadFold(Scope scope, Node body, int ddof) : WholeFold(scope, body)
{
    protected override double Fold(ReadOnlySpan<double> elements, Frame frame, int place) => SampleStatistics.Std(elements, ddof);

    protected override void Slopes(ReadOnlySpan<double> elements, double result, Frame frame, int place, Span<double> slopes)
    {
        var mean = SampleStatistics.Mean(elements);
        var count = elements.Length - ddof;
        for (var i = 0; i < slopes.Length; i++)
            slopes[i] = result == 0 ? 0 : (elements[i] - mean) / (count * result);
    }
}

/// <summary>Numbers of the chosen or of the rejected response of each pair.</summary>
internal sealed class PairPick(Node body, bool chosen) : Node(Level.Pair, body)
{
    public override bool IsLinear => true;

    private int RowOf(Frame frame, int pair) => chosen ? frame.Inputs.Pairs[pair].Chosen : frame.Inputs.Pairs[pair].Rejected;

    public override void Forward(Frame frame)
    {
        var r = frame.All(this);
        var all = frame.All(body);
        for (var p = 0; p < r.Length; p++)
            r[p] = all[RowOf(frame, p)];
    }

    public override void Backward(Frame frame)
    {
        var slopes = frame.AllSlopes(this);
        var target = frame.AllSlopes(body);
        for (var p = 0; p < slopes.Length; p++)
            target[RowOf(frame, p)] += slopes[p];
    }
}
