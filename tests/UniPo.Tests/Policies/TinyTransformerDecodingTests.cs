using UniPo.Numerics;

namespace UniPo.Tests.Policies;

public class TinyTransformerDecodingTests
{
    [Theory]
    [InlineData(12, 3), InlineData(32, 2), InlineData(32, 1), InlineData(24, 2)]
    public void Decoding_with_a_cache_gives_the_log_probs_of_the_full_pass(int width, int heads)
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward with { Width = width, Heads = heads });
        var sequences = PolicyCases.Batch(prompts: 3, group: 4);
        var layout = sequences.Layout;
        double[] expected = new double[layout.Tokens],
            actual = new double[layout.Tokens];
        policy.Score(sequences, 1, expected, []);

        using var decoding = policy.Begin(sequences.Prompts, group: 4, maxTokens: layout.MaxLength);
        var next = new int[decoding.Rows];
        for (var t = 0; t < layout.MaxLength; t++)
        {
            for (var row = 0; row < decoding.Rows; row++)
            {
                var response = sequences.Responses[row];
                next[row] = t < response.Length ? response[t] : -1;
                if (next[row] < 0)
                    continue;
                var logits = decoding
                    .Logits.Slice(row * policy.Vocabulary.Count, policy.Vocabulary.Count)
                    .ToArray()
                    .Select(l => (double)l)
                    .ToArray();
                actual[layout.RowStarts[row] + t] =
                    logits[next[row]] - logits.Max() - Math.Log(logits.Sum(l => Math.Exp(l - logits.Max())));
            }
            if (t + 1 < layout.MaxLength)
                decoding.Append(next);
        }

        for (var token = 0; token < expected.Length; token++)
            Assert.InRange(actual[token] - expected[token], -1e-6, 1e-6);
    }

    [Theory]
    [InlineData(12, 3), InlineData(32, 2), InlineData(32, 1)]
    public void The_log_prob_of_a_sampled_token_is_that_of_the_full_pass_to_the_last_bit(int width, int heads)
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward with { Width = width, Heads = heads, Hidden = 40 });
        int[][] prompts =
        [
            [1, 2, 3],
            [4],
            [5, 6],
        ];
        using var decoding = policy.Begin(prompts, group: 7, maxTokens: 9);
        var responses = new List<int>[decoding.Rows];
        var sampled = new List<double>[decoding.Rows];
        var (next, places, chosen) = (new int[decoding.Rows], new double[decoding.Rows], new NextToken[decoding.Rows]);
        for (var row = 0; row < decoding.Rows; row++)
            (responses[row], sampled[row]) = ([], []);
        for (var t = 0; t < 9; t++)
        {
            for (var row = 0; row < decoding.Rows; row++)
                places[row] = next[row] < 0 ? NextToken.Ended : SeededRandom.Stream(1, (ulong)((row * 10) + t)).NextDouble();
            decoding.Choose(places, 0.8, chosen);
            for (var row = 0; row < decoding.Rows; row++)
            {
                if (next[row] < 0)
                    continue;
                var token = chosen[row];
                responses[row].Add(token.Token);
                sampled[row].Add(token.LogProb);
                next[row] = token.Token == policy.Vocabulary.End ? -1 : token.Token;
            }
            if (t < 8)
                decoding.Append(next);
        }
        var sequences = new TokenSequences(prompts, [.. responses.Select(r => r.ToArray())], [7, 7, 7]);
        var scored = new double[sequences.Layout.Tokens];

        policy.Score(sequences, 0.8, scored, []);

        Assert.Equal(sampled.SelectMany(r => r), scored);
    }

    [Fact]
    public void A_decoding_may_be_disposed_and_another_begun_with_other_sizes()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        float[] First(int[][] prompts, int group)
        {
            using var decoding = policy.Begin(prompts, group, 4);
            decoding.Append([.. Enumerable.Repeat(2, decoding.Rows)]);
            return decoding.Logits[..policy.Vocabulary.Count].ToArray();
        }
        var expected = First(
            [
                [1, 2, 3],
            ],
            1
        );

        First(
            [
                [4, 4, 4, 4, 4],
                [1],
            ],
            5
        );

        Assert.Equal(
            expected,
            First(
                [
                    [1, 2, 3],
                    [6],
                ],
                3
            )
        );
    }

    [Fact]
    public void Two_decodings_may_be_open_at_once()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        using var one = policy.Begin(
            [
                [1, 2],
            ],
            1,
            4
        );
        var expected = one.Logits.ToArray();
        using var two = policy.Begin(
            [
                [3, 4],
            ],
            1,
            4
        );

        Assert.Equal(expected, one.Logits.ToArray());
        Assert.NotEqual(expected, two.Logits.ToArray());
    }

    [Fact]
    public void Bad_input_is_refused_with_its_numbers()
    {
        var policy = PolicyCases.Policy(PolicyCases.Awkward);
        Assert.Equal(
            "Prompt 0 has 3 tokens and the response may have 14, 17 together, but the context holds 16.",
            Assert
                .Throws<ArgumentException>(() =>
                    policy.Begin(
                        [
                            [1, 2, 3],
                        ],
                        1,
                        14
                    )
                )
                .Message
        );
        Assert.Contains(
            "no prompts",
            Assert.Throws<ArgumentException>(() => policy.Begin([], 1, 4)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Prompt 0 is empty",
            Assert
                .Throws<ArgumentException>(() =>
                    policy.Begin(
                        [
                            [],
                        ],
                        1,
                        4
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "was 0",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    policy.Begin(
                        [
                            [1],
                        ],
                        0,
                        4
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "token id 9",
            Assert
                .Throws<ArgumentException>(() =>
                    policy.Begin(
                        [
                            [9],
                        ],
                        1,
                        4
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        using var decoding = policy.Begin(
            [
                [1],
            ],
            1,
            2
        );
        Assert.Contains(
            "token id 77",
            Assert.Throws<ArgumentException>(() => decoding.Append([77])).Message,
            StringComparison.Ordinal
        );
        decoding.Append([1]);
        Assert.Contains(
            "at most 2 tokens",
            Assert.Throws<InvalidOperationException>(() => decoding.Append([1])).Message,
            StringComparison.Ordinal
        );
    }
}
