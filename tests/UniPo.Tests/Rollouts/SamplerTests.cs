using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo.Tests;

public sealed class SamplerTests
{
    private static readonly LetterTask Task = new();
    private static readonly BigramPolicy Policy = new(Task.Vocabulary, seed: 3);

    [Fact]
    public void A_batch_holds_groups_of_responses_to_distinct_prompts()
    {
        var batch = Sampler.Sample(Policy, Task, prompts: 4, group: 8, seed: 7);
        Assert.Equal(4, batch.Groups.Count);
        Assert.Equal(4, batch.Groups.Select(g => g.Prompt).Distinct().Count());
        Assert.All(batch.Groups, g => Assert.Equal(8, g.Responses.Count));
        Assert.Equal(batch.Layout.Tokens, batch.Responses.Sum(r => r.Length));
    }

    [Fact]
    public void The_same_seed_gives_the_same_batch_and_another_seed_another()
    {
        string Text(ulong seed) => string.Join(' ', Sampler.Sample(Policy, Task, 4, 8, seed).Responses.Select(r => r.Text));
        Assert.Equal(Text(7), Text(7));
        Assert.NotEqual(Text(7), Text(8));
    }

    [Fact]
    public void A_response_does_not_depend_on_the_rows_beside_it()
    {
        var prompts = Task.TrainingPrompts;
        var together = new Sampler { Group = 6 }.Answer(Policy, Task, prompts, seed: 11);
        var alone = new Sampler { Group = 6 }.Answer(Policy, Task, [prompts[0]], seed: 11);
        Assert.Equal(alone.Responses.Select(r => r.Text), together.Responses.Take(6).Select(r => r.Text));
    }

    [Fact]
    public void A_large_rollout_is_written_in_slices_that_change_no_response()
    {
        const int prompts = 45,
            group = 14; // 630 rows: more than twice as many as are written at once
        var one = Task.TrainingPrompts[0];
        var sliced = new Sampler { Group = group }.Answer(Policy, Task, [.. Enumerable.Repeat(one, prompts)], seed: 3);
        var whole = new Sampler { Group = prompts * group }.Answer(Policy, Task, [one], seed: 3);
        Assert.True(prompts * group > 2 * ((IPolicy)Policy).RowsAtOnce);
        Assert.Equal(whole.Responses.Select(r => r.Text), sliced.Responses.Select(r => r.Text));
        Assert.Equal(whole.OldLogProbs.Values.ToArray(), sliced.OldLogProbs.Values.ToArray());
    }

    [Fact]
    public void Log_probs_of_sampling_are_those_of_teacher_forcing_at_the_same_temperature()
    {
        var batch = Sampler.Sample(Policy, Task, 5, 20, seed: 1, temperature: 0.7);
        var (scored, entropies) = (new double[batch.Layout.Tokens], new double[batch.Layout.Tokens]);
        Policy.Score(batch.Sequences!, 0.7, scored, entropies);
        for (var i = 0; i < scored.Length; i++)
        {
            Assert.Equal(scored[i], batch.OldLogProbs.Values[i], 12);
            Assert.Equal(entropies[i], batch.Entropies!.Values[i], 12);
        }
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_the_policy_says()
    {
        const int draws = 20_000;
        var batch = new Sampler { Group = draws }.Answer(Policy, Task, [Task.TrainingPrompts[2]], seed: 5);
        var logits = Policy.Logits(Task.Vocabulary.Encode("2")[0]).ToArray().Select(l => (double)l).ToArray();
        var sum = logits.Sum(Math.Exp);
        for (var token = 0; token < logits.Length; token++)
        {
            var p = Math.Exp(logits[token]) / sum;
            var seen = batch.Responses.Count(r => r.Tokens![0] == token) / (double)draws;
            var error = Math.Sqrt(p * (1 - p) / draws);
            Assert.InRange(seen, p - 5 * error, p + 5 * error);
        }
    }

    [Fact]
    public void A_response_without_closing_symbol_is_truncated()
    {
        var never = new BigramPolicy(Task.Vocabulary);
        for (var last = 0; last < Task.Vocabulary.Count; last++)
            never.Logits(last)[Task.Vocabulary.End] = -1000;
        var batch = Sampler.Sample(never, Task, 5, 4, seed: 1);
        Assert.All(batch.Responses, r => Assert.True(r.Truncated && r.Length == Task.MaxTokens && r.Reward == 0));
    }

    [Fact]
    public void Padding_written_by_the_model_stays_visible_to_the_reward()
    {
        var padder = new BigramPolicy(Task.Vocabulary);
        var (zero, a, pad, end) = (
            Task.Vocabulary.Encode("0")[0],
            Task.Vocabulary.Encode("a")[0],
            Task.Vocabulary.Pad,
            Task.Vocabulary.End
        );
        (padder.Logits(zero)[a], padder.Logits(a)[pad], padder.Logits(pad)[end]) = (99, 99, 99);
        var response = Sampler.Greedy(padder, Task, [Task.TrainingPrompts[0]]).Responses[0];
        Assert.Equal(("a_$", 0.0), (response.Text, response.Reward));
    }

    [Fact]
    public void Greedy_takes_the_most_probable_token_and_the_lowest_id_of_equals()
    {
        Assert.Equal(1, NextToken.Greedy([0, 3, 3, 2], 1).Token);
        Assert.Equal(2, NextToken.Greedy([float.NegativeInfinity, -1000, 1000], 1).Token);
    }

    [Fact]
    public void The_greedy_reward_of_each_prompt_is_kept_as_a_baseline()
    {
        var batch = new Sampler
        {
            Prompts = 5,
            Group = 2,
            GreedyBaseline = true,
        }.Draw(Policy, Task, seed: 2);
        var greedy = Sampler.Greedy(Policy, Task, [.. batch.Groups.Select(g => g.Prompt)]);
        Assert.Equal(greedy.Rewards(), batch.GreedyRewards!);
    }

    [Fact]
    public void Extreme_logits_give_finite_log_probs()
    {
        Assert.Equal(new NextToken(0, 0, 0), NextToken.Draw([1000, -1000, 0], 1, new SeededRandom(1)));
        Assert.Equal(new NextToken(2, 0, 0), NextToken.Draw([float.NegativeInfinity, -1000, 1000], 1, new SeededRandom(1)));
        Assert.Contains(
            "not finite",
            Assert.Throws<NotFiniteNumberException>(() => NextToken.Draw([0, float.NaN], 1, new SeededRandom(1))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_transformers_tokens_come_as_often_as_their_probability_says()
    {
        var (random, counts) = (new SeededRandom(5), new int[20]);
        float[] logits = [.. Enumerable.Range(0, 20).Select(i => (float)Math.Log(i + 1))];
        for (var i = 0; i < 40_000; i++)
            counts[SinglePrecisionDraw.Choose(logits, 2, random.NextDouble()).Token]++;
        var total = Enumerable.Range(1, 20).Sum(i => Math.Sqrt(i));
        for (var i = 0; i < 20; i++)
        {
            var p = Math.Sqrt(i + 1) / total;
            Assert.InRange(counts[i], 40_000 * p - 5 * Math.Sqrt(40_000 * p), 40_000 * p + 5 * Math.Sqrt(40_000 * p));
        }
    }

    [Fact]
    public void A_pool_smaller_than_the_rollout_is_gone_through_again()
    {
        var batch = Sampler.Sample(Policy, Task, prompts: 12, group: 1, seed: 4);
        Assert.All(Task.TrainingPrompts, p => Assert.InRange(batch.Groups.Count(g => g.Prompt == p), 2, 3));
    }

    [Fact]
    public void A_policy_that_speaks_another_alphabet_is_refused() =>
        Assert.Contains(
            "need the same vocabulary",
            Assert.Throws<ArgumentException>(() => Sampler.Sample(Policy, Tasks.Addition())).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(0, 1, 1.0, "Prompts must be at least 1, but was 0")]
    [InlineData(1, 0, 1.0, "Group must be at least 1, but was 0")]
    [InlineData(1, 1, 0.0, "Temperature must be above 0 and finite, but was 0")]
    public void Settings_outside_their_range_are_named(int prompts, int group, double temperature, string message) =>
        Assert.Contains(
            message,
            Assert
                .Throws<ArgumentOutOfRangeException>(() => Sampler.Sample(Policy, Task, prompts, group, 0, temperature))
                .Message,
            StringComparison.Ordinal
        );
}
