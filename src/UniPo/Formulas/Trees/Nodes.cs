namespace UniPo.Formulas;

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
    Median,
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

internal sealed record FunctionNode(Function Function, IReadOnlyList<Expression> Arguments) : Expression
{
    /// <summary>True for a clip that only keeps numbers finite; it is no trust region and marks no token.</summary>
    public bool IsGuard { get; init; }
}

internal sealed record RelationNode(Expression Left, string Sign, Expression Right) : Expression;

internal sealed record CasesNode(Expression Condition, Expression Then, Expression Otherwise) : Expression;

internal sealed record FoldNode(Fold Fold, IndexRange Range, Expression Body, int Ddof = 0) : Expression;

/// <summary>A function of whole distributions, which formulas can name but not calculate: KL(π_old, π_θ).</summary>
internal sealed record NamedNode(string Name, IReadOnlyList<Expression> Arguments) : Expression;

/// <summary>Numbers that were folded into one, written out: mean(1, 0, 0, 1).</summary>
internal sealed record ListedNode(Fold Fold, IReadOnlyList<Expression> Elements, int Left) : Expression;

internal sealed record MarkedNode(Mark Mark, Expression Body) : Expression;
