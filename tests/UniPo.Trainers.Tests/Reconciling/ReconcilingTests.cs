using System.Globalization;

namespace UniPo.Tests.Reconciling;

/// <summary>Logged and computed numbers side by side, and the parts that fit the logged ones.</summary>
public sealed class ReconcilingTests : IDisposable
{
    private static readonly double[] _rewards = [1, 0, 0.5, 0.2, 0, 1, 1, 0.3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Two groups of four, as open-instruct writes them, with advantages of an estimator of our choice.
    private TrainerLog Logged(Advantage estimator)
    {
        var batch = RolloutBatch.ByHand([
            .. _rewards
                .Chunk(4)
                .Select((g, i) => new HandGroup($"p{i}", [.. g.Select(r => new HandResponse("ab", r, [-0.5, -0.25]))])),
        ]);
        var advantages = estimator.Estimate(batch).Advantages;
        File.WriteAllLines(
            _folder["r.jsonl"],
            _rewards.Select(
                (r, i) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"step": 1, "prompt_idx": {{i / 4}}, "prompt_tokens": [1], "response_tokens": [5, 6], "reward": {{r}}, "advantage": {{(float)advantages[i, 0]}}, "logprobs": [-0.5, -0.25]}"""
                    )
            )
        );
        return TrainerLog.Read(_folder["r.jsonl"]);
    }

    public static TheoryData<string, Advantage> Estimators =>
        new()
        {
            {
                "group mean / std with ddof 1, ε = 1e-4 (TRL)",
                new GroupMeanStd { Epsilon = 1e-4 }
            },
            {
                "group mean / std with ddof 1, ε = 1e-6 (verl, SkyRL)",
                new GroupMeanStd { Epsilon = 1e-6 }
            },
            {
                "group mean / std with ddof 0, ε = 1e-4",
                new GroupMeanStd { Epsilon = 1e-4, Ddof = 0 }
            },
            { "reward minus the group mean, not divided (Dr. GRPO)", new GroupMean() },
            { "reward minus the mean of the others (leave one out, RLOO)", new LeaveOneOut() },
            { "the reward itself", new RewardOnly() },
            { "group mean / std of the batch with ddof 1", new GroupMeanBatchStd() },
        };

    [Theory]
    [MemberData(nameof(Estimators))]
    public void The_estimator_behind_logged_advantages_is_named(string name, Advantage estimator) =>
        Assert.StartsWith(
            $"These advantages are {name}",
            Logged(estimator).WhatIf(Algorithms.Grpo).Fits[0],
            StringComparison.Ordinal
        );

    [Fact]
    public void Advantages_of_no_known_estimator_are_not_given_a_name()
    {
        File.WriteAllLines(
            _folder["r.jsonl"],
            _rewards.Select(
                (r, i) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"step": 1, "prompt_idx": {{i / 4}}, "response_tokens": [5], "reward": {{r}}, "advantage": {{i * i}}.5}"""
                    )
            )
        );
        Assert.StartsWith(
            "No known advantage estimator",
            TrainerLog.Read(_folder["r.jsonl"]).WhatIf(Algorithms.Grpo).Fits[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Logged_and_computed_agree_under_the_right_objective_and_differ_under_another_by_word_and_mark()
    {
        var log = Logged(new GroupMean());
        var right = log.WhatIf(Algorithms.DrGrpo);
        Assert.Equal(Agreement.Agrees, right.Worst);
        Assert.Contains("= advantage agrees: 16 numbers", right.ToString(), StringComparison.Ordinal);
        var other = log.WhatIf(Algorithms.Grpo);
        Assert.Equal(Agreement.Differs, other.Worst);
        Assert.Contains("≠ advantage differs", other.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "log-probabilities of the reference, so the KL term is left out",
            other.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_small_constant_is_close_but_not_the_same() =>
        Assert.Equal(Agreement.Close, Logged(new GroupMeanStd { Epsilon = 1e-3 }).WhatIf(Algorithms.Grpo).Worst);

    [Fact]
    public void Texts_without_log_probabilities_still_give_advantages()
    {
        File.WriteAllLines(
            _folder["1.jsonl"],
            _rewards.Select(
                (r, i) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"input": "p{{i / 4}}", "output": "some words here", "score": {{r}}, "step": 1}"""
                    )
            )
        );
        var step = TrainerLog.Read(_folder["1.jsonl"]).WhatIf(Algorithms.DrGrpo).Steps.Single();
        Assert.Equal(1 - 0.425, step.Advantages![0, 0], 12);
        Assert.Null(step.Report);
        Assert.Contains("no log-probabilities", step.Without, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_our_own_agrees_with_itself_and_names_its_parts()
    {
        var run = LetterTraining.New(LetterTraining.Options with { Passes = 2 }).Train(steps: 2);
        var again = run.WhatIf(Algorithms.Grpo);
        Assert.Equal(Agreement.Agrees, again.Worst);
        Assert.Contains(
            again.Fits,
            f => f.StartsWith("These advantages are group mean / std with ddof 1", StringComparison.Ordinal)
        );
        Assert.Contains(
            again.Fits,
            f =>
                f.StartsWith(
                    "Tokens are aggregated as mean of each response, then over responses (GRPO)",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(again.Fits, f => f.StartsWith("The KL to the reference is estimated by k3", StringComparison.Ordinal));
        Assert.Contains(
            run.WhatIf(Algorithms.Dapo).Steps.SelectMany(s => s.Columns),
            c => c is { Name: "weight", Agreement: Agreement.Differs }
        );
    }

    [Fact]
    public void Ids_get_their_texts_from_a_tokenizer_and_marks_of_bytes_mean_what_they_say()
    {
        File.WriteAllText(
            _folder["tokenizer.json"],
            """{"model": {"type": "BPE", "vocab": {"Ġthe": 5, "Ċ": 6, "Ã©": 7}}, "added_tokens": [{"id": 8, "content": "<|end|>"}]}"""
        );
        var texts = TokenTexts.Read(_folder["tokenizer.json"]);
        Assert.Equal([" the", "\n", "é", "<|end|>", "‹9›"], new[] { 5, 6, 7, 8, 9 }.Select(id => texts[id]));
        File.WriteAllText(
            _folder["r.jsonl"],
            """{"step": 1, "prompt_idx": 0, "prompt_tokens": [5, 6], "response_tokens": [5, 8], "reward": 1, "advantage": 0}"""
        );
        var read = TrainerLog.Read(_folder["r.jsonl"], new LogOptions { Tokenizer = texts }).Rollouts!.Page(1, texts: texts);
        Assert.Equal([" the", "<|end|>"], read.Batch.Responses[0].Symbols);
        Assert.Equal(" the\n", read.Batch.Groups[0].Prompt.Text);
    }
}
