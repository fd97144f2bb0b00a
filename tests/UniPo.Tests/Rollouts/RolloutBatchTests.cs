namespace UniPo.Tests.Rollouts;

public sealed class RolloutBatchTests
{
    private static readonly string[][] Tokens =
    [
        ["Hel", "lo"],
        ["Hi"],
        ["Good", " day", "!"],
        ["👍"],
    ];
    private static readonly double[][] Old =
    [
        [-1, -2],
        [-0.5],
        [-1, -1, -0.1],
        [-3],
    ];
    private static readonly double[] Rewards = [1, 0, 1, 0];

    private static RolloutBatch New(
        string[]? prompts = null,
        string[][]? tokens = null,
        double[][]? logProbs = null,
        double[][]? old = null,
        double[][]? reference = null,
        double[]? rewards = null,
        int groupSize = 2,
        bool[][]? mask = null
    ) =>
        RolloutBatch.FromArrays(
            prompts ?? ["Greet me.", "Again."],
            tokens ?? Tokens,
            logProbs ?? Old,
            old ?? Old,
            reference,
            rewards ?? Rewards,
            groupSize,
            mask
        );

    [Fact]
    public void Plain_arrays_become_a_batch_that_evaluates()
    {
        var batch = New(
            reference: Old,
            mask:
            [
                [true, true],
                [true],
                [true, false, true],
                [true],
            ]
        );
        Assert.Equal(["Hello", "Hi", "Good day!", "👍"], batch.Responses.Select(r => r.Text));
        Assert.Equal(6, batch.Layout.ActiveTokens);
        var report = Algorithms.Grpo.Evaluate(batch);
        Assert.True(report.Weight[0, 0] > 0);
        Assert.True(report.Weight[1, 0] < 0);
        Assert.Equal(0, report.Weight[2, 1]); // masked
    }

    [Fact]
    public void Every_length_is_checked_and_the_wrong_one_named()
    {
        void Refused(string name, string what, Func<RolloutBatch> make)
        {
            var fault = Assert.Throws<ArgumentException>(make);
            Assert.Contains(name, fault.Message, StringComparison.Ordinal);
            Assert.Contains(what, fault.Message, StringComparison.Ordinal);
        }
        Refused("tokens", "2 prompts with 3 responses each are 6", () => New(groupSize: 3));
        Refused("rewards", "4 responses, but rewards holds 3", () => New(rewards: [1, 0, 1]));
        Refused(
            "logProbs[2]",
            "Response 2 has 3 tokens",
            () =>
                New(
                    logProbs:
                    [
                        [-1, -2],
                        [-0.5],
                        [-1, -1],
                        [-3],
                    ]
                )
        );
        Refused(
            "oldLogProbs",
            "4 responses, but oldLogProbs holds 1",
            () =>
                New(
                    old:
                    [
                        [-1, -2],
                    ]
                )
        );
        Refused(
            "referenceLogProbs[1]",
            "holds 2",
            () =>
                New(
                    reference:
                    [
                        [-1, -2],
                        [-0.5, -1],
                        [-1, -1, -1],
                        [-3],
                    ]
                )
        );
        Refused(
            "mask[0]",
            "Response 0 has 2 tokens",
            () =>
                New(
                    mask:
                    [
                        [true],
                        [true],
                        [true, true, true],
                        [true],
                    ]
                )
        );
    }

    [Fact]
    public void A_response_longer_than_its_place_in_the_layout_is_refused()
    {
        var batch = New();
        var one = new TokenLayout([1, 1, 1, 1], [2, 2]);
        double[] numbers = [-1, -1, -1, -1];
        var wrong = batch with
        {
            Layout = one,
            LogProbs = new TokenColumn(one, numbers),
            OldLogProbs = new TokenColumn(one, numbers),
            ReferenceLogProbs = new TokenColumn(one, numbers),
        };
        var fault = Assert.Throws<ArgumentException>(() => Algorithms.Grpo.Evaluate(wrong));
        Assert.Contains("Response 0 has 2 tokens, but the batch's layout gives it 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_by_hand_takes_the_tokens_that_a_tokenizer_made()
    {
        var batch = RolloutBatch.ByHand("Greet me.", [new(["Hel", "lo"], 1, [-1, -2]), new("👍!", 0, [-1, -2])]);
        Assert.Equal(["Hel", "lo"], batch.Responses[0].Symbols);
        Assert.Equal(["👍", "!"], batch.Responses[1].Symbols); // a character is one token, however long its code is
    }

    [Fact]
    public void A_frozen_reference_scores_a_batch_in_one_call_whatever_the_micro_batch()
    {
        var (policy, task) = (TinyTransformer.Load("addition"), Tasks.Addition(digits: 2));
        var batch = Sampler.Sample(policy, task, prompts: 4, group: 8, seed: 7);
        var grpo = Algorithms.Grpo with { Clip = Clip.Symmetric(0.2) };

        var scored = batch.WithReference(policy);

        Assert.Equal(batch.LogProbs.Values.ToArray(), scored.ReferenceLogProbs!.Values.ToArray());
        Assert.True(double.IsFinite(grpo.Evaluate(scored).Summary.Objective)); // β = 0.04 needs the reference
        Assert.Equal(
            scored.ReferenceLogProbs.Values.ToArray(),
            batch.WithReference(policy, microBatch: 3).ReferenceLogProbs!.Values.ToArray()
        );
        Assert.Contains(
            "holds no token ids",
            Assert.Throws<InvalidOperationException>(() => New().WithReference(policy)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Vocabularies_keep_characters_beyond_the_basic_plane_whole()
    {
        var vocabulary = Vocabulary.OfCharacters("👍👎a");
        Assert.Equal(["👍", "👎", "a", "$", "_"], vocabulary.Symbols);
        Assert.Equal([1, 0, 2], vocabulary.Encode("👎👍a"));
        Assert.Contains(
            "no symbol for '🎉'",
            Assert.Throws<ArgumentException>(() => vocabulary.Encode("a🎉")).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => Vocabulary.OfCharacters("a\ud83d"));
        Assert.Throws<ArgumentException>(() => new Vocabulary(["\udc4d", "$", "_"], "$", "_"));
    }
}
