using UniPo.Numerics;

namespace UniPo;

/// <summary>
/// A piece of a formula: it can be written (text, LaTeX, MathML), compared, and calculated for any token of a batch.
/// </summary>
/// <remarks>
/// Parts of an objective write themselves in these pieces, with the operators of C# and the functions below. The test suite
/// calculates and differentiates every objective from its formula alone and compares that with the code, so the two cannot drift
/// apart.
/// </remarks>
public abstract record Expression
{
    private protected Expression() { }

    /// <summary>A plain number.</summary>
    public static implicit operator Expression(double value) => new NumberNode(value);

    /// <summary>A letter whose value the batch knows.</summary>
    public static implicit operator Expression(Quantity quantity) => new QuantityNode(quantity);

    /// <summary>a + b.</summary>
    public static Expression operator +(Expression a, Expression b) => new AddNode([.. Terms(a), .. Terms(b)]);

    /// <summary>a − b.</summary>
    public static Expression operator -(Expression a, Expression b) => new AddNode([.. Terms(a), new NegateNode(b)]);

    /// <summary>−a.</summary>
    public static Expression operator -(Expression a) => new NegateNode(a);

    /// <summary>a · b.</summary>
    public static Expression operator *(Expression a, Expression b) => new MultiplyNode([.. Factors(a), .. Factors(b)]);

    /// <summary>a / b.</summary>
    public static Expression operator /(Expression a, Expression b) => new FractionNode(a, b);

    /// <summary>1 where a is greater than b, 0 elsewhere.</summary>
    public static Expression operator >(Expression a, Expression b) => new RelationNode(a, ">", b);

    /// <summary>1 where a is less than b, 0 elsewhere.</summary>
    public static Expression operator <(Expression a, Expression b) => new RelationNode(a, "<", b);

    /// <summary>1 where a is at least b, 0 elsewhere.</summary>
    public static Expression operator >=(Expression a, Expression b) => new RelationNode(a, "≥", b);

    /// <summary>1 where a is at most b, 0 elsewhere.</summary>
    public static Expression operator <=(Expression a, Expression b) => new RelationNode(a, "≤", b);

    /// <summary>A number that was chosen, with its letter: <c>Setting("τ", 0.5, "how sharp the gate is")</c>.</summary>
    /// <param name="letter">The letter as it is written; behind an underscore its upright label: <c>ε_low</c>.</param>
    /// <param name="value">Its value; not NaN.</param>
    /// <param name="meaning">What it is, in a few words without a full stop.</param>
    public static Expression Setting(string letter, double value, string meaning) =>
        new SettingNode(
            Symbol.Of(letter),
            Require.That(value, !double.IsNaN(value), $"The setting {letter}", "be a number"),
            meaning
        );

    /// <summary>A letter for a longer expression, which gets a line of its own.</summary>
    public static Expression Define(Symbol symbol, Expression body, string meaning) => new DefinitionNode(symbol, body, meaning);

    /// <summary>The smaller of two.</summary>
    public static Expression Min(Expression a, Expression b) => new FunctionNode(Function.Min, [a, b]);

    /// <summary>The larger of two.</summary>
    public static Expression Max(Expression a, Expression b) => new FunctionNode(Function.Max, [a, b]);

    /// <summary>x, but not below low and not above high; constant there, so without a gradient.</summary>
    public static Expression Clip(Expression x, Expression low, Expression high) =>
        new FunctionNode(Function.Clip, [x, low, high]);

    /// <summary>The same, where bounds only keep numbers finite: a token there does not count as clipped.</summary>
    internal static Expression Guard(Expression x, Expression low, Expression high) =>
        new FunctionNode(Function.Clip, [x, low, high]) { IsGuard = true };

    /// <summary>x, but not above a cap that is no trust region: a token there does not count as clipped.</summary>
    internal static Expression Capped(Expression x, Expression cap) =>
        new FunctionNode(Function.Min, [x, cap]) { IsGuard = true };

    /// <summary>e to the power x; constant beyond x = ±600, so that no ratio overflows.</summary>
    public static Expression Exp(Expression x) => new FunctionNode(Function.Exp, [x]);

    /// <summary>Natural logarithm.</summary>
    public static Expression Log(Expression x) => new FunctionNode(Function.Log, [x]);

    /// <summary>σ(x) = 1 / (1 + e^(−x)).</summary>
    public static Expression Sigmoid(Expression x) => new FunctionNode(Function.Sigmoid, [x]);

    /// <summary>log σ(x) without overflow.</summary>
    public static Expression LogSigmoid(Expression x) => new FunctionNode(Function.LogSigmoid, [x]);

    /// <summary>|x|.</summary>
    public static Expression Abs(Expression x) => new FunctionNode(Function.Abs, [x]);

    /// <summary>√x.</summary>
    public static Expression Sqrt(Expression x) => new FunctionNode(Function.Sqrt, [x]);

    /// <summary>The value of x as a constant: no gradient flows through it (stop-gradient).</summary>
    public static Expression StopGradient(Expression x) => new FunctionNode(Function.StopGradient, [x]);

    /// <summary>x to the power y.</summary>
    public static Expression Power(Expression x, Expression y) => new FunctionNode(Function.Power, [x, y]);

    /// <summary>1 where the relation holds, 0 elsewhere.</summary>
    public static Expression Indicator(Expression relation) => new FunctionNode(Function.Indicator, [relation]);

    /// <summary>A relation between two numbers, such as a condition or a constraint.</summary>
    /// <param name="left">Left side.</param>
    /// <param name="relation">One of <c>&lt; ≤ = ≠ ≥ &gt;</c>.</param>
    /// <param name="right">Right side.</param>
    public static Expression Relation(Expression left, string relation, Expression right) =>
        new RelationNode(left, relation, right);

    /// <summary>One value where the relation holds, another elsewhere.</summary>
    public static Expression Cases(Expression relation, Expression then, Expression otherwise) =>
        new CasesNode(relation, then, otherwise);

    /// <summary>Σ over a range.</summary>
    public static Expression Sum(IndexRange range, Expression body) => new FoldNode(Fold.Sum, range, body);

    /// <summary>Arithmetic mean over a range; 0 over nothing.</summary>
    public static Expression Mean(IndexRange range, Expression body) => new FoldNode(Fold.Mean, range, body);

    /// <summary>Standard deviation over a range; 0 over nothing.</summary>
    /// <param name="range">What it runs over.</param>
    /// <param name="body">Of what.</param>
    /// <param name="ddof">Subtracted from the count in the divisor of the variance.</param>
    public static Expression Std(IndexRange range, Expression body, int ddof) => new FoldNode(Fold.Std, range, body, ddof);

    /// <summary>How many elements a range has for which the relation holds.</summary>
    public static Expression Count(IndexRange range, Expression relation) => new FoldNode(Fold.Count, range, relation);

    /// <summary>The largest value over a range.</summary>
    public static Expression Largest(IndexRange range, Expression body) => new FoldNode(Fold.Max, range, body);

    /// <summary>The middle value over a range (the mean of the two in the middle); 0 over nothing.</summary>
    public static Expression Median(IndexRange range, Expression body) => new FoldNode(Fold.Median, range, body);

    /// <summary>The body at the only element of a range (the next token, the chosen response); 0 where there is none.</summary>
    public static Expression At(IndexRange range, Expression body) => new FoldNode(Fold.Only, range, body);

    /// <summary>As plain text.</summary>
    public sealed override string ToString() => PlainWriter.Write(this);

    private static IReadOnlyList<Expression> Terms(Expression e) => e is AddNode sum ? sum.Terms : [e];

    private static IReadOnlyList<Expression> Factors(Expression e) => e is MultiplyNode product ? product.Factors : [e];
}
