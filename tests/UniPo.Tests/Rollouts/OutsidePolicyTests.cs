namespace UniPo.Tests.Rollouts;

/// <summary>Policies that are not the library's own: any tokenizer, checked once, named as they name themselves.</summary>
public sealed class OutsidePolicyTests
{
    private static readonly ByteTokenizer Bytes = new();

    /// <summary>Answers with a thumb up most of the time: four bytes, then one of the two closing ids.</summary>
    private static BigramPolicy Cheering()
    {
        var policy = new BigramPolicy(Bytes, seed: 1, spread: 0.1);
        int[] path = [Bytes.Encode("?")[0], .. Bytes.Encode("👍")];
        for (var i = 0; i + 1 < path.Length; i++)
            policy.Logits(path[i])[path[i + 1]] = 8;
        policy.Logits(path[^1])[256] = policy.Logits(path[^1])[257] = 9;
        return policy;
    }

    [Fact]
    public void A_byte_level_policy_answers_a_task_in_plain_text()
    {
        var batch = Sampler.Sample(Cheering(), new CheerTask(), prompts: 2, group: 40, seed: 3);
        var right = batch.Responses.First(r => r.Reward == 1);
        Assert.StartsWith("👍<", right.Text, StringComparison.Ordinal); // the four bytes together are one character
        Assert.Equal(5, right.Length);
        Assert.Contains(batch.Responses, r => r.Reward == 1 && r.Tokens![^1] == 256);
        Assert.Contains(batch.Responses, r => r.Reward == 1 && r.Tokens![^1] == 257); // both ids close a response
    }

    [Fact]
    public void It_is_trained_measured_and_named_as_it_calls_itself()
    {
        var policy = Cheering();
        using var trainer = new Trainer(
            policy,
            new CheerTask(),
            Algorithms.Grpo,
            new TrainerOptions
            {
                LearningRate = 0.05,
                Prompts = 2,
                Group = 16,
                WarmupSteps = 0,
            }
        );
        var run = trainer.Train(30);
        Assert.Equal(nameof(BigramPolicy), run.Header.Model);
        Assert.True(run.After!.ExactProbability > run.Before!.ExactProbability);
    }

    [Fact]
    public void Advice_names_only_what_the_policy_has()
    {
        var without = Assert.Throws<ArgumentException>(() => new Trainer(Cheering(), new CheerTask(), Algorithms.Ppo)).Message;
        Assert.Contains("'BigramPolicy' has none", without, StringComparison.Ordinal);
        Assert.DoesNotContain("WithValueHead", without, StringComparison.Ordinal);
        var with = Assert
            .Throws<ArgumentException>(() => new Trainer(TinyTransformer.Load("addition"), Tasks.Addition(), Algorithms.Ppo))
            .Message;
        Assert.Contains("policy.WithValueHead()", with, StringComparison.Ordinal);
    }

    [Theory, InlineData(10), InlineData(13)]
    public void Logits_that_do_not_fit_the_tokenizer_are_refused_with_both_sizes(int width)
    {
        var task = new LetterTask(); // twelve symbols
        var fault = Assert.Throws<InvalidOperationException>(() =>
            Sampler.Sample(new Misfit(task.Vocabulary, width), task, prompts: 1, group: 2)
        );
        Assert.Contains($"which is {width} a row, but its tokenizer has 12 tokens", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_that_gives_no_number_is_refused_and_named()
    {
        var task = new LetterTask();
        var batch = Sampler.Sample(new BigramPolicy(task.Vocabulary), task, prompts: 2, group: 2);
        var fault = Assert.Throws<NotFiniteNumberException>(() => batch.WithReference(new Misfit(task.Vocabulary, 12)));
        Assert.Contains("the reference 'misfit'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_about_a_large_vocabulary_stays_short()
    {
        var large = new Vocabulary([.. Enumerable.Range(0, 50_000).Select(i => $"<{i}>"), "$", "_"], "$", "_");
        foreach (
            var fault in new Exception[]
            {
                Assert.Throws<ArgumentException>(() => Sampler.Sample(new BigramPolicy(Small(large)), new LetterTask())),
                Assert.Throws<ArgumentException>(() => large.Encode("x")),
            }
        )
            Assert.InRange(fault.Message.Length, 50, 1000);
    }

    private static ITokenizer Small(Vocabulary vocabulary) => new Vocabulary([.. vocabulary.Symbols.TakeLast(900)], "$", "_");

    private sealed class Misfit(Vocabulary vocabulary, int width) : IPolicy
    {
        public string Name => "misfit";

        public ITokenizer Tokenizer => vocabulary;

        public IDecoding Begin(IReadOnlyList<int[]> prompts, int group, int maxTokens) => new Rows(prompts.Count * group, width);

        public void Score(TokenSequences s, double t, Span<double> logProbs, Span<double> entropies, Span<double> values) =>
            logProbs.Fill(double.NaN);

        private sealed class Rows(int rows, int width) : IDecoding
        {
            int IDecoding.Rows => rows;

            public ReadOnlySpan<float> Logits => new float[rows * width];

            public void Append(ReadOnlySpan<int> tokens) { }

            public void Dispose() { }
        }
    }
}
