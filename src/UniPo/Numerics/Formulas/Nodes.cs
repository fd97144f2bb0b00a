namespace UniPo.Numerics;

/// <summary>Functions a formula may use.</summary>
internal enum Function
{
    Min,
    Max,
    Clip,
    Exp,
    Log,
    Sigmoid,
    LogSigmoid,
    Abs,
    Sqrt,
    StopGradient,
    Power,
    Indicator,
}

/// <summary>Ways to make one number of many.</summary>
internal enum Fold
{
    Sum,
    Mean,
    Std,
    Count,
    Max,
    Only,
}

/// <summary>Why a piece stands out.</summary>
internal enum Mark
{
    Won,
    Changed,
}

internal sealed record NumberNode(double Value) : Expression
{
    /// <summary>
    /// True for a measured number, which is rounded when written; a number of the formula itself is written exactly.
    /// </summary>
    public bool Measured { get; init; }
}

internal sealed record QuantityNode(Quantity Quantity) : Expression;

internal sealed record SettingNode(Symbol Symbol, double Value, string Meaning) : Expression;

internal sealed record DefinitionNode(Symbol Symbol, Expression Body, string Meaning) : Expression;

internal sealed record AddNode(IReadOnlyList<Expression> Terms) : Expression;

internal sealed record NegateNode(Expression Body) : Expression;

internal sealed record MultiplyNode(IReadOnlyList<Expression> Factors) : Expression;

internal sealed record FractionNode(Expression Numerator, Expression Denominator) : Expression;

internal sealed record FunctionNode(Function Function, IReadOnlyList<Expression> Arguments) : Expression;

internal sealed record RelationNode(Expression Left, string Sign, Expression Right) : Expression;

internal sealed record CasesNode(Expression Condition, Expression Then, Expression Otherwise) : Expression;

internal sealed record FoldNode(Fold Fold, IndexRange Range, Expression Body, int Ddof = 0) : Expression;

/// <summary>A function known by name only, calculated by code: a part that a user wrote without a formula.</summary>
internal sealed record OpaqueNode(
    string Name,
    IReadOnlyList<Expression> Arguments,
    Func<double[], (double Value, double[] Slopes)> Code
) : Expression;

/// <summary>Numbers that were folded into one, written out: mean(1, 0, 0, 1).</summary>
internal sealed record ListedNode(Fold Fold, IReadOnlyList<Expression> Elements, int Left) : Expression;

internal sealed record MarkedNode(Mark Mark, Expression Body) : Expression;
