namespace UniPo.Formulas;

// Sums, means and their kin.
internal sealed partial class FormulaCompiler
{
    private Node FoldUp(FoldNode fold)
    {
        var range = fold.Range;
        if (range == Over.RewardParts)
            return OverParts(fold);
        if (range == Over.ThisAndLaterTokens || range == Over.ThisAndLaterPlaces || range == Over.UntilMasked)
            return Suffixes(fold);
        // The tokens of the whole rollout are counted before it is cut.
        if (
            fold is { Fold: Fold.Sum, Body: QuantityNode { Quantity: var counted } }
            && counted == Quantities.Length
            && range == Over.Responses
        )
            return Add("Σ n_i", () => new BatchLeaf(Level.Batch, (i, r) => r[0] = i.Totals.ActiveTokens));
        var body = Compile(fold.Body);
        if (range == Over.Tokens)
            return Tokens(fold.Fold, At(Level.Token, body));
        if (range == Over.AllTokens)
            return AllTokens(fold, At(Level.Token, body));
        if (range == Over.NextToken || range == Over.NextPlace)
            return Add(
                ("next", body.Id, range.Below, range == Over.NextToken),
                () => new NextNode(At(Level.Token, body), range == Over.NextToken)
            );
        if (range == Over.Chosen || range == Over.Rejected)
            return Add(("pick", body.Id, range.Name), () => new PairPick(Of(Level.Response, body, range), range == Over.Chosen));
        return Whole(fold, body);
    }

    private Node Whole(FoldNode fold, Node body)
    {
        var (scope, level) = fold.Range switch
        {
            var r when r == Over.Responses || r == Over.Batch || r == Over.MicroBatch => (Scope.Responses, Level.Response),
            var r when r == Over.Group || r == Over.GroupMembers || r == Over.ResponsesOfGroup => (Scope.Group, Level.Response),
            var r when r == Over.Others => (Scope.Others, Level.Response),
            var r when r == Over.Groups => (Scope.Groups, Level.Group),
            var r when r == Over.Pairs => (Scope.Pairs, Level.Pair),
            _ => throw new FormulaException(
                $"No batch can tell what {fold.Range.Below} runs over; use one of the ranges of Over."
            ),
        };
        var elements = Of(level, body, fold.Range);
        return Add(
            ("fold", fold.Fold, fold.Ddof, scope, elements.Id),
            Unless0(elements.Direction),
            () =>
                fold.Fold == Fold.Std
                    ? new SpreadFold(scope, elements, fold.Ddof)
                    : (Node)new PlainFold(fold.Fold, scope, elements)
        );
    }

    /// <summary>A number where a range expects it; a finer one would be ambiguous.</summary>
    private Node Of(Level level, Node body, IndexRange range) =>
        body.Level <= level
            ? At(level, body)
            : throw new FormulaException(
                $"What is folded over {range.Below} must be one number for each {level.ToString().ToLowerInvariant()}, but it differs from {body.Level.ToString().ToLowerInvariant()} to {body.Level.ToString().ToLowerInvariant()}; fold it over Over.Tokens first."
            );

    private Node Tokens(Fold fold, Node body) =>
        fold switch
        {
            Fold.Sum or Fold.Mean or Fold.Count => Add(
                ("tokens", body.Id, fold == Fold.Mean),
                body.Direction.Factor is { Level: Level.Token } ? new(Direction.Unknown) : body.Direction,
                () => new TokenFold(body, fold == Fold.Mean)
            ),
            Fold.Max => Add(("most", body.Id), () => new TokenExtreme(body, smallest: false)),
            _ => throw new FormulaException(
                $"A {fold.ToString().ToLowerInvariant()} over the tokens of a response is not known; there are sum, mean, count and largest."
            ),
        };

    private Node AllTokens(FoldNode fold, Node body)
    {
        var sums = Tokens(Fold.Sum, body);
        if (fold.Fold is Fold.Sum or Fold.Count)
            return Add(("all tokens", sums.Id), Unless0(body.Direction), () => new AllTokensFold(sums, mean: false));
        var (least, most) = (Add(("least", body.Id), () => new TokenExtreme(body, smallest: true)), Tokens(Fold.Max, body));
        var mean = Add(("mean of all tokens", sums.Id), Unless0(body.Direction), () => new AllTokensMean(sums, least, most));
        if (fold.Fold == Fold.Mean)
            return mean;
        if (fold.Fold != Fold.Std)
            throw new FormulaException(
                $"A {fold.Fold.ToString().ToLowerInvariant()} over all tokens is not known; there are sum, mean, std and count."
            );
        var unit = Add(("unit", mean.Id), () => new UnitNode(mean, least, most));
        var distance = Divide(Sum(body, mean, -1), unit);
        var squares = Tokens(Fold.Sum, Multiply(distance, distance));
        return Add(
            ("std of all tokens", squares.Id, fold.Ddof),
            Unless0(body.Direction),
            () => new AllTokensStd(squares, unit, fold.Ddof)
        );
    }

    /// <summary>Σ_{s≥t} γ^(s−t)·x_s, whose factor is found in what was written.</summary>
    private Node Suffixes(FoldNode fold)
    {
        if (fold.Fold != Fold.Sum)
            throw new FormulaException("Over later tokens only a sum is known.");
        var suffix =
            fold.Range == Over.ThisAndLaterPlaces ? Suffix.Places
            : fold.Range == Over.UntilMasked ? Suffix.UntilMasked
            : Suffix.Active;
        Node? decay = null;
        List<Node> factors = [];
        foreach (var factor in fold.Body is MultiplyNode product ? product.Factors : [fold.Body])
            if (
                factor is FunctionNode { Function: Function.Power } power
                && power.Arguments[1] is QuantityNode { Quantity: var later }
                && IsLater(later)
            )
            {
                decay = Compile(power.Arguments[0]);
                if (later == Quantities.PlacesLater && suffix == Suffix.Active) // masked tokens add nothing, but they take time
                    (suffix, factors) = (Suffix.Places, [.. factors, Quantity(Quantities.Counts)]);
            }
            else
                factors.Add(Compile(factor));
        var body = At(Level.Token, factors.Aggregate(Multiply));
        return Add(
            ("suffix", body.Id, decay?.Id ?? -1, suffix),
            Unless0(body.Direction),
            () => new SuffixSumNode(body, decay, suffix)
        );
    }

    private static bool IsLater(Quantity quantity) => quantity == Quantities.TokensLater || quantity == Quantities.PlacesLater;

    private Node OverParts(FoldNode fold)
    {
        if (fold.Fold != Fold.Sum)
            throw new FormulaException("Over the rewards of a response only a sum is known.");
        var outer = _part;
        List<Node> terms = [];
        for (_part = 0; _part < Math.Max(_shape.RewardParts, 1); _part++)
            terms.Add(Compile(fold.Body));
        _part = outer;
        // A reward that does not apply to a response (NaN) adds nothing; without any that applies the sum is not known either.
        var known = terms.Select(t => Relate(t, "=", t)).ToArray();
        var sum = terms.Zip(known, (t, k) => Choose(k, t, Constant(0))).Aggregate((a, b) => Sum(a, b, 1));
        return Choose(known.Aggregate((a, b) => Sum(a, b, 1)), sum, Constant(double.NaN));
    }
}
