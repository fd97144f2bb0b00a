namespace UniPo.Claims.Tests;

/// <summary>DAPO's repairs, one by one.</summary>
public sealed class Lesson06(ClaimPage page) : IClassFixture<ClaimPage>
{
    private static readonly PolicyObjective Plain = SharedRuns.PlainGrpo;

    [Claim("06", "a higher upper clip keeps entropy up")]
    public void A_higher_clip_does_not_show_in_the_entropy()
    {
        var raised = Plain with { Clip = new Clip(0.2, 0.28) };
        TrainingRun[] same = SharedRuns.ClippedFourPasses,
            higher = Runs.Train("addition", Tasks.Addition(), raised, 200, SharedRuns.FourPasses);
        Estimate entropy = higher.Last("entropy").Minus(same.Last("entropy")),
            clipped = higher.Last("clip_fraction").Minus(same.Last("clip_fraction"));
        page.Found(
            this,
            Verdict.DoesNotHold,
            $"4 passes, rate 3e-4, 200 steps, last fifth: entropy {same.Last("entropy").Average():0.000} nats with 0.2/0.2, with 0.2/0.28 more by {entropy}; share of clipped tokens {same.Last("clip_fraction").Average():0.0000}, changed by {clipped}"
        );
        Assert.True(entropy.IsWithin(0.05), $"{entropy}");
        Assert.True(clipped.IsWithin(0.03), $"{clipped}");
    }

    [Claim("06", "dynamic sampling is better per step, and worse per generated token")]
    public void Refilling_gains_per_step_and_loses_per_token()
    {
        var refill = Plain with { Sampling = new() { RefillSilentGroups = true } };
        TrainingRun[] without = SharedRuns.Plain,
            with = Runs.Train(
                "addition",
                Tasks.Addition(),
                refill,
                150,
                o => o with { EvaluateEvery = 10, HeldOutPrompts = 800 }
            );
        var perStep = with.After().Minus(without.After());
        double[] tokens = [.. without.Select(Tokens)],
            refilled = [.. with.Select(Tokens)];
        var perToken = with.Zip(tokens, AtTokens).ToArray().Minus(without.After());
        page.Found(
            this,
            Verdict.Holds,
            $"150 steps: right {without.After().Average():0.000} without, with refill more by {perStep}, for {refilled.Average():N0} instead of {tokens.Average():N0} tokens; stopped at as many tokens as without: {perToken}"
        );
        Assert.True(perStep.IsPositive, $"{perStep}");
        Assert.True(perToken.IsNegative, $"{perToken}");
    }

    [Claim("06", "a mean over tokens lets long responses weigh more")]
    public void A_token_mean_weighs_responses_by_their_length()
    {
        var batch = RolloutBatch.ByHand(
            "2+3=",
            [new("5$", 1, [-0.5, -0.1]), new("6.......$", 0, [.. Enumerable.Repeat(-0.5, 9)])]
        );
        double Share(Aggregation aggregation)
        {
            var weight = (Plain with { Aggregation = aggregation }).Evaluate(batch).Weight;
            return weight.Row(1).ToArray().Sum(Math.Abs) / weight.Values.ToArray().Sum(Math.Abs);
        }
        page.Found(
            this,
            Verdict.Exact,
            $"share of the push that goes to the longer of two responses, 9 tokens against 2: mean per response {Share(Aggregation.SequenceMean):P0}, mean over tokens {Share(Aggregation.TokenMean):P0}"
        );
        Assert.Equal(0.5, Share(Aggregation.SequenceMean), 9);
        Assert.Equal(9.0 / 11, Share(Aggregation.TokenMean), 9);
    }

    private static double Tokens(TrainingRun run) => run.Steps.Sum(s => s.Metric("generated_tokens")!.Value);

    /// <summary>Held-out accuracy when so many tokens were generated, between the two measurements next to it.</summary>
    private static double AtTokens(TrainingRun run, double tokens)
    {
        var (spent, last) = (0.0, (Tokens: 0.0, Value: run.Before!.ExactProbability!.Value));
        foreach (var step in run.Steps)
        {
            spent += step.Metric("generated_tokens")!.Value;
            if (step.Metric("held_out_accuracy") is not { } value)
                continue;
            if (spent >= tokens)
                return last.Value + (value - last.Value) * (tokens - last.Tokens) / (spent - last.Tokens);
            last = (spent, value);
        }
        throw new InvalidOperationException($"The run generated {spent} tokens, fewer than {tokens}.");
    }
}
