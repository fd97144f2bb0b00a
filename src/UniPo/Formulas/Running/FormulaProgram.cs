namespace UniPo.Formulas;

/// <summary>The written formula as it runs: forwards for J and its letters, backwards for ∂J/∂log π of every token.</summary>
/// <remarks>
/// A program is compiled once for an objective and runs on any batch. It goes over the responses once where J is a sum of them,
/// computing each response's numbers and its derivatives while they lie in the cache. Where J depends on the responses in another
/// way (a pair's loss), it goes over them forwards first and a second time backwards.
/// </remarks>
internal sealed class FormulaProgram
{
    private readonly Round[] _rounds;
    private readonly Node[] _wholeAtOnce; // whole nodes that are known before any response was computed
    private readonly bool _oneRound;
    private readonly HashSet<Node> _marking = [];

    private FormulaProgram(FormulaCompiler compiler, Node root, Dictionary<string, Node> named, Node? marked)
    {
        (Nodes, Root, Named, Marked) = (compiler.Nodes, root, named, marked);
        MarkColumns = marked is null ? 0 : AssignMarks(marked, 0);
        var last = Nodes.Max(n => n.Round);
        _wholeAtOnce = [.. Nodes.Where(n => n.IsWhole && n.Round == 0)];
        _rounds = [.. Enumerable.Range(1, last).Select(r => new Round(this, r))];
        _oneRound = last <= 1 && Nodes.Where(n => n.IsWhole && n.Moves).All(n => n.IsLinear);
    }

    /// <summary>All nodes, inputs before what is made of them.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>J, or the column that was asked for.</summary>
    public Node Root { get; }

    /// <summary>Columns that are wanted besides, by name.</summary>
    public IReadOnlyDictionary<string, Node> Named { get; }

    /// <summary>The trust region's term, whose bounds are marked; null where there is none.</summary>
    public Node? Marked { get; }

    /// <summary>How many columns of marks a frame needs.</summary>
    public int MarkColumns { get; }

    /// <summary>Compiles a formula.</summary>
    /// <param name="shape">Where letters lie, and what is learnt.</param>
    /// <param name="root">J, or any other expression.</param>
    /// <param name="named">Further expressions whose columns are wanted.</param>
    /// <param name="marked">The expression whose bounds are marked; null for none.</param>
    public static FormulaProgram Compile(
        FormulaShape shape,
        Expression root,
        IEnumerable<(string Name, Expression Expression)> named,
        Expression? marked = null
    )
    {
        var compiler = new FormulaCompiler(shape);
        var region = marked is null ? null : compiler.Compile(marked);
        var compiled = compiler.Compile(root);
        return new FormulaProgram(
            compiler,
            compiled,
            named.ToDictionary(n => n.Name, n => compiler.Compile(n.Expression)),
            region
        );
    }

    // A node that only passes on what one input says shares that input's column.
    private int AssignMarks(Node node, int next)
    {
        if (node.Marks >= 0 || !node.CanMark || node.IsWhole)
            return next;
        foreach (var input in node.Inputs)
            next = AssignMarks(input, next);
        int[] below = [.. node.Inputs.Select(i => i.Marks).Where(m => m >= 0).Distinct()];
        if (below.Length == 1 && node is not (ExtremeNode or ClampNode or RelationOf or CasesOf))
        {
            node.Marks = below[0];
            return next;
        }
        _marking.Add(node);
        node.Marks = next;
        return next + 1;
    }

    /// <summary>Computes J, the named columns and the derivatives.</summary>
    /// <param name="frame">Room and inputs.</param>
    /// <param name="after">Called for each response when its numbers and derivatives are complete; null for nothing.</param>
    /// <param name="backwards">False to compute values only.</param>
    public void Run(Frame frame, Action<int>? after = null, bool backwards = true)
    {
        foreach (var node in _wholeAtOnce)
            node.Forward(frame);
        if (_oneRound && backwards)
        {
            SeedWhole(frame, 1);
            _rounds[0].ForwardAndBackward(frame, after);
            _rounds[0].WholeForward(frame);
            return;
        }
        foreach (var round in _rounds)
        {
            round.Forward(frame, round == _rounds[^1] && !backwards ? after : null);
            round.WholeForward(frame);
        }
        for (var r = _rounds.Length; backwards && r >= 1; r--)
        {
            if (r == _rounds.Length)
                SeedWhole(frame, r);
            else
                WholeBackward(frame, r);
            _rounds[r - 1].ForwardAndBackward(frame, r == 1 ? after : null);
        }
    }

    private void SeedWhole(Frame frame, int round)
    {
        if (!Root.Moves)
            return;
        frame.AllSlopes(Root)[0] = 1;
        WholeBackward(frame, round);
    }

    private void WholeBackward(Frame frame, int round)
    {
        for (var n = Nodes.Count - 1; n >= 0; n--)
            if (Nodes[n] is { IsWhole: true, Moves: true } node && node.Round == round)
                node.Backward(frame);
    }

    /// <summary>One way over all responses.</summary>
    private sealed class Round
    {
        private readonly Node[] _local,
            _whole,
            _backward,
            _marks;
        private readonly Node[] _ownTokens;

        public Round(FormulaProgram program, int round)
        {
            _whole = [.. program.Nodes.Where(n => n.IsWhole && n.Round == round)];
            // What must be computed again: token columns of earlier rounds are gone, those of responses are kept.
            var needed = new HashSet<Node>();
            foreach (var node in program.Nodes.Reverse())
                if (
                    !node.IsWhole
                    && (node.Round == round || node.Round < round && node.Level == Level.Token && IsUsed(node, needed))
                )
                    needed.Add(node);
            _local = [.. program.Nodes.Where(needed.Contains)];
            _backward = [.. Enumerable.Reverse(_local).Where(n => n.Moves)];
            _ownTokens = [.. _backward.Where(n => n.Level == Level.Token && n is not TokenLeaf)];
            _marks =
                program.Marked is { Marks: >= 0 } marked && round == marked.Round
                    ? [.. _local.Where(program._marking.Contains)]
                    : [];
        }

        private static bool IsUsed(Node node, HashSet<Node> needed) => needed.Any(n => n.Inputs.Contains(node));

        public void Forward(Frame frame, Action<int>? after)
        {
            for (var row = 0; row < frame.Layout.Responses; row++)
            {
                frame.MoveTo(row);
                foreach (var node in _local)
                    node.Forward(frame);
                foreach (var node in _marks)
                    node.Mark(frame);
                after?.Invoke(row);
            }
        }

        public void WholeForward(Frame frame)
        {
            foreach (var node in _whole)
                node.Forward(frame);
        }

        public void ForwardAndBackward(Frame frame, Action<int>? after)
        {
            for (var row = 0; row < frame.Layout.Responses; row++)
            {
                frame.MoveTo(row);
                foreach (var node in _local)
                    node.Forward(frame);
                foreach (var node in _marks)
                    node.Mark(frame);
                foreach (var node in _ownTokens)
                    frame.Slopes(node).Clear();
                foreach (var node in _backward)
                    node.Backward(frame);
                after?.Invoke(row);
            }
        }
    }
}
