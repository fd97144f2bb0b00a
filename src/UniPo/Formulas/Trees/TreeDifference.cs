namespace UniPo.Formulas;

/// <summary>Marks what differs between two expressions, as deep inside as it can.</summary>
internal static class TreeDifference
{
    public static (Expression First, Expression Second) Mark(Expression first, Expression second)
    {
        if (Same(first, second))
            return (first, second);
        return (first, second) switch
        {
            // A letter that both have is defined in a line of its own, where the difference is marked.
            (DefinitionNode a, DefinitionNode b) when a.Symbol == b.Symbol => (a, b),
            (NegateNode a, NegateNode b) => Both(Mark(a.Body, b.Body), e => new NegateNode(e)),
            (NegateNode a, _) => (new NegateNode(Changed(a.Body)), Changed(second)),
            (_, NegateNode b) => (Changed(first), new NegateNode(Changed(b.Body))),
            (FractionNode or RelationNode or CasesNode, _) when first.GetType() == second.GetType() => Children(first, second),
            (FunctionNode a, FunctionNode b) when a.Function == b.Function && a.Arguments.Count == b.Arguments.Count => Children(
                a,
                b
            ),
            (FoldNode a, FoldNode b) when a.Fold == b.Fold && a.Range == b.Range && a.Ddof == b.Ddof => Children(a, b),
            (AddNode, _) or (_, AddNode) => Lists(Terms(first), Terms(second), e => e.Count == 1 ? e[0] : new AddNode(e)),
            (MultiplyNode, _) or (_, MultiplyNode) => Lists(
                Factors(first),
                Factors(second),
                e => e.Count == 1 ? e[0] : new MultiplyNode(e)
            ),
            _ => (Changed(first), Changed(second)),
        };
    }

    /// <summary>True when two expressions are written alike and their settings have the same values.</summary>
    public static bool Same(Expression first, Expression second) => Key(first) == Key(second);

    /// <summary>The same, defined letters looked into.</summary>
    public static bool SameInside(Expression first, Expression second) => InsideKey(first) == InsideKey(second);

    private static string InsideKey(Expression expression) =>
        Key(expression) + string.Concat(LettersOf(expression).Select(d => " " + d.Symbol + "=" + InsideKey(d.Body)));

    private static IEnumerable<DefinitionNode> LettersOf(Expression expression) =>
        expression is DefinitionNode letter ? [letter] : Tree.Children(expression).SelectMany(LettersOf);

    /// <summary>
    /// True when two expressions are alike but for the indices of letters that are defined elsewhere: whether an advantage is one
    /// number a response (A_i) or a token (A_it) is said where A is defined, not wherever it is used.
    /// </summary>
    public static bool SameButForIndices(Expression first, Expression second) =>
        Same(WithoutIndices(first), WithoutIndices(second));

    private static Expression WithoutIndices(Expression expression) =>
        expression is DefinitionNode letter
            ? letter with
            {
                Symbol = letter.Symbol with { Index = "" },
            }
            : Tree.Map(expression, WithoutIndices);

    private static string Key(Expression expression) =>
        PlainWriter.Write(expression) + " " + string.Join(" ", Settings(expression));

    // Settings inside a defined letter belong to that letter's line.
    private static IEnumerable<string> Settings(Expression expression) =>
        expression switch
        {
            SettingNode setting => [NumberText.Exact(setting.Value)],
            DefinitionNode => [],
            _ => Tree.Children(expression).SelectMany(Settings),
        };

    private static Expression Changed(Expression expression) =>
        expression is NegateNode minus ? new NegateNode(Changed(minus.Body)) : new MarkedNode(Formulas.Mark.Changed, expression);

    private static IReadOnlyList<Expression> Terms(Expression e) => e is AddNode sum ? sum.Terms : [e];

    private static IReadOnlyList<Expression> Factors(Expression e) => e is MultiplyNode product ? product.Factors : [e];

    private static (Expression, Expression) Both((Expression A, Expression B) pair, Func<Expression, Expression> wrap) =>
        (wrap(pair.A), wrap(pair.B));

    private static (Expression, Expression) Children(Expression first, Expression second)
    {
        var marked = Tree.Children(first).Zip(Tree.Children(second), Mark).ToArray();
        var (a, b) = (0, 0);
        return (Tree.Map(first, _ => marked[a++].First), Tree.Map(second, _ => marked[b++].Second));
    }

    // The longest common part stays unmarked; what stands in the same gap on both sides is compared piece by piece.
    private static (Expression, Expression) Lists(
        IReadOnlyList<Expression> first,
        IReadOnlyList<Expression> second,
        Func<List<Expression>, Expression> join
    )
    {
        List<Expression> one = [],
            two = [];
        int i = 0,
            j = 0;
        foreach (var (a, b) in Common(first, second).Append((first.Count, second.Count)))
        {
            while (i < a && j < b)
            {
                var (x, y) = Mark(first[i++], second[j++]);
                one.Add(x);
                two.Add(y);
            }
            while (i < a)
                one.Add(Changed(first[i++]));
            while (j < b)
                two.Add(Changed(second[j++]));
            if (a == first.Count)
                break;
            one.Add(first[i++]);
            two.Add(second[j++]);
        }
        return (join(one), join(two));
    }

    private static List<(int, int)> Common(IReadOnlyList<Expression> first, IReadOnlyList<Expression> second)
    {
        var length = new int[first.Count + 1, second.Count + 1];
        for (var i = first.Count - 1; i >= 0; i--)
        for (var j = second.Count - 1; j >= 0; j--)
            length[i, j] = Same(first[i], second[j]) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        var pairs = new List<(int, int)>();
        for (int i = 0, j = 0; i < first.Count && j < second.Count; )
            if (Same(first[i], second[j]))
                pairs.Add((i++, j++));
            else if (length[i + 1, j] >= length[i, j + 1])
                i++;
            else
                j++;
        return pairs;
    }
}
