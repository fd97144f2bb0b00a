using UniPo.Formulas;

namespace UniPo;

/// <summary>Runs the formula of an advantage on a batch.</summary>
internal sealed class AdvantageRun(Advantage advantage, KlInReward? kl, RolloutBatch batch)
{
    private readonly TokenLayout _layout = batch.Layout;

    public AdvantageEstimate Estimate()
    {
        advantage.Verify(batch);
        if (kl is { Coefficient: > 0 })
            RolloutChecks.ReferenceForKl(batch);
        var rewards = RewardsOf(advantage, batch);
        // A response without a reward stays out of every statistic, so its tokens do not count until its advantage is set to 0.
        var known = rewards.Any(double.IsNaN) ? batch with { Layout = Without(rewards) } : batch;
        var symbols = kl is { Coefficient: > 0 } paid ? paid.Rewards() : RewardSymbols.Plain;
        var program = Compile(symbols);
        using var frame = new Frame(
            program,
            new FormulaInputs
            {
                Batch = known,
                Totals = BatchTotals.Of(known),
                PartWeights = advantage.Weights?.Weights,
                Columns = new Dictionary<object, TokenColumn> { [Quantities.Reward] = TokenColumn.PerResponse(_layout, rewards) },
            }
        );
        var tokens = program.Root.Level == Level.Token ? Column(frame, program.Root) : [];
        var targets = program.Named.TryGetValue("target", out var target) ? Column(frame, target) : null;
        var penalty = program.Named.TryGetValue("kl", out var k) ? Column(frame, k) : null;
        program.Run(frame, backwards: false);
        return new AdvantageEstimate(
            program.Root.Level == Level.Token ? Finished(tokens, rewards) : PerResponse(frame, program.Root),
            Cleared(targets),
            Cleared(penalty)
        );
    }

    private FormulaProgram Compile(RewardSymbols symbols)
    {
        var named = new List<(string, Expression)>();
        if (advantage.TargetFormula(symbols) is { } target)
            named.Add(("target", target));
        if (symbols.Estimate is { } k)
            named.Add(("kl", k));
        var shape = new FormulaShape
        {
            Given = new Dictionary<Quantity, Level> { [Quantities.Reward] = Level.Response },
            RewardParts = batch.Responses.Count == 0 ? 0 : batch.Responses[0].RewardParts.Count,
            DenseRewards = batch.TokenRewards is not null,
        };
        return FormulaProgram.Compile(shape, advantage.Formula(symbols), named);
    }

    private double[] Column(Frame frame, Node node)
    {
        var column = new double[_layout.Tokens];
        frame.Keep(node, column);
        return column;
    }

    private TokenColumn? Cleared(double[]? column)
    {
        if (column is null)
            return null;
        Masked.Clear(_layout, column);
        return new TokenColumn(_layout, column);
    }

    private TokenColumn Finished(double[] tokens, double[] rewards)
    {
        Masked.Clear(_layout, tokens);
        for (var row = 0; row < _layout.Responses; row++)
        {
            var response = tokens.AsSpan(_layout.RowStarts[row], _layout.Length(row));
            if (double.IsNaN(rewards[row]))
                response.Clear();
            Settle(response, row);
        }
        return new TokenColumn(_layout, tokens);
    }

    private TokenColumn PerResponse(Frame frame, Node root)
    {
        var shares = new double[_layout.Responses];
        if (root.Level == Level.Response)
            frame.All(root).CopyTo(shares);
        else
            for (var row = 0; row < shares.Length; row++)
                shares[row] = frame.All(root)[root.Level == Level.Group ? _layout.GroupOf[row] : 0];
        for (var row = 0; row < shares.Length; row++)
            Settle(shares.AsSpan(row, 1), row);
        return TokenColumn.PerResponse(_layout, shares);
    }

    /// <summary>What is not known teaches nothing; what is infinite is a mistake.</summary>
    private void Settle(Span<double> advantages, int row)
    {
        foreach (ref var a in advantages)
        {
            if (double.IsNaN(a))
                a = 0;
            if (double.IsInfinity(a))
                throw new ArithmeticException(
                    FormattableString.Invariant(
                        $"The advantage of response {row} ({advantage.InWords}) came out as {a}; its reward is {batch.Responses[row].Reward}. Rewards must be of reasonable size, and a divisor must not be 0."
                    )
                );
        }
    }

    private TokenLayout Without(double[] rewards)
    {
        var mask = new bool[_layout.Tokens];
        for (var row = 0; row < _layout.Responses; row++)
        for (var i = _layout.RowStarts[row]; i < _layout.RowStarts[row + 1]; i++)
            mask[i] = _layout.IsActive(i) && !double.IsNaN(rewards[row]);
        return _layout.WithMask(mask);
    }

    /// <summary>[B] the reward of each response: its own, or its parts weighed, held in range; NaN for an unscorable one.</summary>
    /// <exception cref="ArgumentException">A reward is not a finite number.</exception>
    public static double[] RewardsOf(Advantage advantage, RolloutBatch batch)
    {
        var rewards = new double[batch.Layout.Responses];
        for (var row = 0; row < rewards.Length; row++)
        {
            var response = batch.Responses[row];
            var reward = advantage.Weights is { } weights ? weights.Sum(response.RewardParts) : response.Reward;
            if (!double.IsFinite(reward) && !(advantage.Weights is not null && double.IsNaN(reward)))
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"The reward of response {row} must be a finite number, but was {reward}. Score the response, or leave it out."
                    )
                );
            rewards[row] = advantage.RewardRange is { } range && !double.IsNaN(reward) ? range.Hold(reward) : reward;
        }
        return rewards;
    }
}
