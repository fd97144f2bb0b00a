namespace UniPo.Formulas;

/// <summary>Looks at a part that somebody wrote, before it is used: its letters, what its numbers belong to, its divisions.</summary>
internal static class FormulaChecks
{
    /// <summary>The formula as a template, when it can be calculated.</summary>
    /// <param name="what">What was written, for the message: <c>The advantage "median"</c>.</param>
    /// <param name="body">The formula with blanks.</param>
    /// <param name="finest">What its numbers may belong to at most.</param>
    /// <param name="blanks">What the blanks' numbers belong to.</param>
    /// <exception cref="FormulaException">It cannot be calculated.</exception>
    public static Template Verify(string what, Expression? body, Level finest, params (Quantity Blank, Level Level)[] blanks)
    {
        if (body is null)
            throw new FormulaException($"{what} gave no formula (null).");
        Settings(what, body, []);
        Divisions(what, body);
        var shape = new FormulaShape
        {
            Given = blanks.ToDictionary(b => b.Blank, b => b.Level),
            Moving = new HashSet<Quantity> { Quantities.LogProb },
            RewardParts = 1,
        };
        Node root;
        try
        {
            root = new FormulaCompiler(shape).Compile(body);
        }
        catch (FormulaException e)
        {
            throw new FormulaException($"{what} cannot be calculated. {e.Message}");
        }
        if (Finer(root.Level, finest))
            throw new FormulaException(
                $"{what} must be one number for each {Word(finest)}, but {PlainWriter.Write(body)} differs from {Word(root.Level)} to {Word(root.Level)}; fold it, for instance with Over.Tokens.Mean."
            );
        return new Template(body);
    }

    private static bool Finer(Level level, Level finest) =>
        finest switch
        {
            Level.Pair => level is not (Level.Pair or Level.Batch),
            Level.Batch => level != Level.Batch,
            _ => level == Level.Pair || level > finest,
        };

    private static string Word(Level level) => level.ToString().ToLowerInvariant();

    // Two settings of one name would be one knob with two meanings.
    private static void Settings(string what, Expression expression, Dictionary<string, double> seen)
    {
        if (
            expression is SettingNode setting
            && !seen.TryAdd(setting.Symbol.ToString(), setting.Value)
            && seen[setting.Symbol.ToString()] != setting.Value
        )
            throw new FormulaException(
                FormattableString.Invariant(
                    $"{what} has two settings called {setting.Symbol}, {seen[setting.Symbol.ToString()]} and {setting.Value}; give each a letter of its own."
                )
            );
        foreach (var child in Tree.Children(expression))
            Settings(what, child, seen);
    }

    private static void Divisions(string what, Expression expression)
    {
        if (expression is FractionNode { Denominator: var below } && CanBe0(below))
            throw new FormulaException(
                $"{what} divides by {PlainWriter.Write(below)}, which can be 0. Add a small number to it, hold it with Expression.Max, or say with Expression.Cases what then."
            );
        // Whoever asks for a case has thought of it.
        if (expression is not CasesNode)
            foreach (var child in Tree.Children(expression))
                Divisions(what, child);
    }

    private static bool CanBe0(Expression e) =>
        e switch
        {
            NumberNode number => number.Value == 0,
            SettingNode setting => setting.Value == 0,
            DefinitionNode letter => CanBe0(letter.Body),
            MarkedNode marked => CanBe0(marked.Body),
            NegateNode negated => CanBe0(negated.Body),
            QuantityNode { Quantity: var q } => !_positive.Contains(q),
            MultiplyNode product => product.Factors.Any(CanBe0),
            FractionNode fraction => CanBe0(fraction.Numerator),
            AddNode sum => !(sum.Terms.All(IsNotNegative) && sum.Terms.Any(t => !CanBe0(t))),
            FunctionNode { Function: Function.Exp or Function.Sigmoid } => false,
            FunctionNode { Function: Function.Max } larger => larger.Arguments.All(a => CanBe0(a) || !IsNotNegative(a)),
            FunctionNode { Function: Function.Sqrt or Function.Abs or Function.StopGradient } of => CanBe0(of.Arguments[0]),
            FunctionNode { Function: Function.Power } power => CanBe0(power.Arguments[0]),
            FunctionNode { Function: Function.Clip } clip => !(
                clip.Arguments[1] is NumberNode { Value: > 0 } or SettingNode { Value: > 0 }
            ),
            FoldNode { Fold: Fold.Sum or Fold.Mean, Body: var body } => !IsNotNegative(body) || CanBe0(body),
            _ => true,
        };

    private static bool IsNotNegative(Expression e) =>
        e switch
        {
            NumberNode number => number.Value >= 0,
            SettingNode setting => setting.Value >= 0,
            DefinitionNode letter => IsNotNegative(letter.Body),
            MarkedNode marked => IsNotNegative(marked.Body),
            QuantityNode { Quantity: var q } => _positive.Contains(q) || q == Blanks.Ratio || q == Quantities.Entropy,
            MultiplyNode product => product.Factors.All(IsNotNegative),
            FractionNode fraction => IsNotNegative(fraction.Numerator) && IsNotNegative(fraction.Denominator),
            AddNode sum => sum.Terms.All(IsNotNegative),
            FunctionNode { Function: Function.Exp or Function.Sigmoid or Function.Abs or Function.Sqrt or Function.Indicator } =>
                true,
            FunctionNode { Function: Function.Max } larger => larger.Arguments.Any(IsNotNegative),
            FunctionNode { Function: Function.Power } power => power.Arguments[1] is NumberNode { Value: 2 }
                || IsNotNegative(power.Arguments[0]),
            RelationNode => true,
            FoldNode { Fold: Fold.Std or Fold.Count } => true,
            FoldNode { Body: var body } => IsNotNegative(body),
            _ => false,
        };

    // n_i can be 0 only where a response has no token, and then nothing is summed.
    private static readonly HashSet<Quantity> _positive =
    [
        Quantities.Length,
        Quantities.Responses,
        Quantities.ActiveResponses,
        Quantities.Groups,
        Quantities.GroupSize,
        Quantities.MaxLength,
        Quantities.MicroBatches,
        Quantities.Pairs,
        Quantities.Position,
    ];
}
