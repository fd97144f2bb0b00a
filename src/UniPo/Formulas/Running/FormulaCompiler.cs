namespace UniPo.Formulas;

/// <summary>Turns the written formula into a list of operations on columns. Equal pieces become one.</summary>
internal sealed partial class FormulaCompiler
{
    private readonly FormulaShape _shape;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<object, Node> _made = [];
    private readonly Dictionary<(Symbol, int Part), Node> _letters = [];
    private readonly Dictionary<Expression, Node> _pieces = new(ReferenceEqualityComparer.Instance);
    private int _part = -1; // the reward part at hand while a sum over parts is written out

    public FormulaCompiler(FormulaShape shape) => _shape = shape;

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The column of an expression.</summary>
    public Node Compile(Expression expression) =>
        expression switch
        {
            DefinitionNode letter => Letter(letter),
            QuantityNode quantity => Quantity(quantity.Quantity),
            _ when _part >= 0 => Make(expression),
            _ => _pieces.TryGetValue(expression, out var known) ? known : _pieces[expression] = Make(expression),
        };

    private Node Letter(DefinitionNode letter)
    {
        if (_shape.Settled.TryGetValue(letter.Symbol.ToString(), out var level))
            return Settled(letter.Symbol.ToString(), level);
        var key = (letter.Symbol, _part);
        return _letters.TryGetValue(key, out var known) ? known : _letters[key] = Compile(letter.Body);
    }

    private Node Make(Expression expression) =>
        expression switch
        {
            NumberNode number => Constant(number.Value),
            SettingNode setting => Constant(setting.Value),
            MarkedNode marked => Compile(marked.Body),
            AddNode sum => sum.Terms.Skip(1).Aggregate(Compile(sum.Terms[0]), AddTerm),
            NegateNode negated => Multiply(Constant(-1), Compile(negated.Body)),
            MultiplyNode product => product.Factors.Select(Compile).Aggregate(Multiply),
            FractionNode fraction => Divide(Compile(fraction.Numerator), Compile(fraction.Denominator)),
            FunctionNode function => Apply(function),
            RelationNode relation => Relate(Compile(relation.Left), relation.Sign, Compile(relation.Right)),
            CasesNode cases => Choose(Compile(cases.Condition), Compile(cases.Then), Compile(cases.Otherwise)),
            FoldNode fold => FoldUp(fold),
            _ => throw new FormulaException($"{PlainWriter.Write(expression)} can be written, but not calculated."),
        };

    /// <summary>A node, or the one that was made of the same inputs before.</summary>
    private T Add<T>(object key, Func<T> make)
        where T : Node
    {
        if (_made.TryGetValue(key, out var known))
            return (T)known;
        var node = make();
        node.Id = _nodes.Count;
        foreach (var input in node.Inputs)
            node.Round = Math.Max(node.Round, input.Round + (input.IsWhole && !node.IsWhole ? 1 : 0));
        if (!node.IsWhole)
            node.Round = Math.Max(node.Round, 1);
        _nodes.Add(node);
        _made[key] = node;
        return node;
    }

    private T Add<T>(object key, Direction direction, Func<T> make)
        where T : Node
    {
        var node = Add(key, make);
        node.Direction = direction;
        return node;
    }

    private Node Constant(double value) => Add(("number", BitConverter.DoubleToInt64Bits(value)), () => new ConstantNode(value));

    private Node AddTerm(Node sum, Expression term) =>
        term is NegateNode minus ? Sum(sum, Compile(minus.Body), -1) : Sum(sum, Compile(term), 1);

    private Node Sum(Node a, Node b, double sign) =>
        Add(
            ("sum", a.Id, b.Id, sign),
            a.Direction | (sign > 0 ? b.Direction : -b.Direction),
            () => new SumNode(Meet(a, b), a, b, sign)
        );

    private Node Multiply(Node a, Node b)
    {
        var direction =
            a.Direction.Sign == 0 ? b.Direction.Times(a)
            : b.Direction.Sign == 0 ? a.Direction.Times(b)
            : new Direction(Direction.Unknown);
        return Add(("product", a.Id, b.Id), direction, () => new ProductNode(Meet(a, b), a, b));
    }

    private Node Divide(Node a, Node b)
    {
        var direction = b.Direction.Sign == 0 ? a.Direction.Times(b) : new Direction(Direction.Unknown);
        return Add(("quotient", a.Id, b.Id), direction, () => new QuotientNode(Meet(a, b), a, b));
    }

    private Node Relate(Node a, string sign, Node b) =>
        Add(("relation", a.Id, sign, b.Id), () => new RelationOf(Meet(a, b), a, sign, b));

    private Node Choose(Node condition, Node then, Node otherwise) =>
        Add(
            ("cases", condition.Id, then.Id, otherwise.Id),
            then.Direction | otherwise.Direction,
            () => new CasesOf(Meet(condition, then, otherwise), condition, then, otherwise)
        );

    private Node Extreme(Node a, Node b, bool smaller, bool guard = false)
    {
        var level = Meet(a, b);
        var (x, y) = (At(level, a), At(level, b));
        return Add(
            ("extreme", x.Id, y.Id, smaller, guard),
            x.Direction | y.Direction,
            () => new ExtremeNode(level, x, y, smaller, guard)
        );
    }

    private Node Apply(FunctionNode function)
    {
        Node[] of = [.. function.Arguments.Select(Compile)];
        var x = of[0];
        switch (function.Function)
        {
            case Function.Min or Function.Max:
                return Extreme(x, of[1], function.Function == Function.Min, function.IsGuard);
            case Function.Clip when of[1].Level == Level.Batch && of[2].Level == Level.Batch && x.Level > Level.Batch:
                return Add(
                    ("clip", x.Id, of[1].Id, of[2].Id, function.IsGuard),
                    x.Direction,
                    () => new ClampNode(x.Level, x, of[1], of[2], function.IsGuard)
                );
            case Function.Clip:
                return Extreme(Extreme(x, of[1], smaller: false), of[2], smaller: true);
            case Function.StopGradient:
                return Add(("stop", x.Id), () => new StopNode(x));
            case Function.Indicator:
                return x;
            case Function.Power when of[1].Level == Level.Batch && x.Level > Level.Batch:
                return Add(("power", x.Id, of[1].Id), Unless0(x.Direction), () => new PowerNode(x.Level, x, of[1]));
            case Function.Power:
                return Add(("discount", x.Id, of[1].Id), () => new DiscountNode(Meet(x, of[1]), x, of[1]));
            default:
                var direction = function.Function == Function.Abs ? Unless0(x.Direction) : x.Direction;
                return Add(("function", x.Id, function.Function), direction, () => new FunctionOf(x.Level, x, function.Function));
        }
    }

    private static Direction Unless0(Direction d) => d.Sign == 0 ? d : new(Direction.Unknown);

    /// <summary>A number repeated until it stands at a finer place.</summary>
    private Node At(Level level, Node node) =>
        node.Level == level ? node : Add(("repeat", node.Id, level), node.Direction, () => new RepeatNode(level, node));

    /// <summary>The finer of the places where numbers meet.</summary>
    private static Level Meet(params ReadOnlySpan<Node> nodes)
    {
        var level = Level.Batch;
        var (pair, response) = (false, false);
        foreach (var node in nodes)
        {
            level = (Level)Math.Max((int)level, (int)node.Level);
            pair |= node.Level == Level.Pair;
            response |= node.Level is Level.Response or Level.Token or Level.Group;
        }
        return pair && response
            ? throw new FormulaException(
                "A number of a pair cannot stand beside one of a response or a group; say which of the pair's responses is meant (Over.Chosen or Over.Rejected)."
            )
            : level;
    }
}
