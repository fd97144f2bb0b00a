namespace UniPo.Tests;

/// <summary>Logs of other programs in UNIPO's format: as much as their columns give, and never a made-up number.</summary>
public sealed class ForeignLogTests : IDisposable
{
    private const string Header = """{"algorithm":"GRPO","hparams":{"clip_eps":0.2,"init_kl_coef":0}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_are_computed_from_the_logs_own_numbers_and_a_note_says_so()
    {
        var step = Read(
            Header,
            Step(
                """
                "log_probs":[-1.0,-0.5],"old_log_probs":[-1.0,-1.0],"ref_log_probs":[-1,-1],"advantages":[1,1]
                """,
                """
                "log_probs":[-1.0],"old_log_probs":[-1.0],"ref_log_probs":[-1],"advantages":[-1]
                """
            )
        ).Steps[0];

        // Two responses: 1/(2·2) a token of the first, 1/(2·1) of the second; e^0.5 lies above 1.2, so the clip stops the second
        // token.
        Assert.Equal([0.25, 0, -0.5], step.Report!.Weight.Values.ToArray().Select(w => Math.Round(w, 12)));
        Assert.Equal(ClipSide.High, step.Report.Clipped![1]);
        Assert.Equal("GRPO", Assert.IsType<PolicyObjective>(step.Report.Objective).Name);
        Assert.Contains("The log holds no weights. They were computed here", step.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"log_probs\":[-1.0,-0.5]")]
    [InlineData("\"log_probs\":[-1.0,null],\"old_log_probs\":[-1.0,-1.0],\"advantages\":[1,1]")]
    public void What_the_log_lacks_stays_unknown_and_a_note_says_what_it_is(string columns)
    {
        var step = Read(Header, Step(columns)).Steps[0];
        Assert.All(step.Report!.Weight.Values.ToArray(), w => Assert.True(double.IsNaN(w)));
        Assert.Equal(["a", "b"], step.Report.Batch.Responses[0].Symbols);
        Assert.Contains("not what computing them would need", step.Warning, StringComparison.Ordinal);
        Assert.Contains("not known", step.Report.Explain(0, 0).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_advantage_of_the_whole_response_holds_for_its_tokens() =>
        Assert.Equal(
            [0.5, 0.5],
            Read(
                Header,
                """{"step":0,"metrics":{},"prompts":[{"prompt":"p","responses":[{"id":"r","advantage":0.5,"reward":1,"tokens":{"ids":[1,2],"strings":["a","b"]}}]}]}"""
            )
                .Steps[0]
                .Report!.Advantage!.Values.ToArray()
        );

    [Fact]
    public void An_unknown_algorithm_keeps_its_terms_and_has_no_weights()
    {
        var report = Read("""{"algorithm":"MyPO"}""", Step("\"token_objective\":[0.5,-0.5],\"prob\":[0.25,0]")).Steps[0].Report!;
        Assert.Equal([0.5, -0.5], report.TokenObjective!.Values.ToArray());
        Assert.Equal(Math.Log(0.25), report.Batch.LogProbs.Values[0]);
        Assert.True(double.IsNaN(report.Batch.LogProbs.Values[1]));
        Assert.IsType<LoggedObjective>(report.Objective);
    }

    [Fact]
    public void The_other_container_is_read_with_its_comments_and_not_a_numbers()
    {
        File.WriteAllText(
            _folder["run.json"],
            $$$"""
            // exported
            {
              "header": {{{Header}}}, /* what was trained */
              "entries": [
                {"step": 3, "metrics": {"reward": NaN, "kl": 0.5, "note": "NaN stays text"}},
                {"step": 4, "metrics": {"reward": -Infinity}},
              ]
            }
            """
        );
        var run = RunLog.Read(_folder["run.json"]);
        Assert.Equal([3, 4], run.Steps.Select(s => s.Step));
        Assert.Equal(0.5, run.Steps[0].Metric("kl"));
        Assert.Null(run.Steps[0].Metric("reward"));
        Assert.Null(run.Stopped);
    }

    [Fact]
    public void Columns_of_unequal_length_are_refused_with_line_and_column() =>
        Assert.Contains(
            "Line 2 of the run log",
            Assert.Throws<InvalidDataException>(() => Read(Header, Step("\"advantages\":[1,1,1]"))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(4), InlineData(1)]
    public void A_log_of_ours_brings_its_objective_back(int promptsPerStep)
    {
        foreach (
            var objective in new[]
            {
                Algorithms.Grpo with
                {
                    Clip = Clip.Symmetric(0.1),
                },
                Algorithms.DrGrpo,
                Algorithms.Dapo with
                {
                    Kl = Kl.None,
                },
                Algorithms.Reinforce,
            }
        )
            Assert.Equal(objective, Trained(objective, promptsPerStep).Objective);
    }

    [Fact]
    public void A_part_that_was_changed_under_the_old_name_is_not_taken_for_the_old_objective()
    {
        Assert.IsType<LoggedObjective>(
            Trained(Algorithms.Grpo with { Aggregation = Aggregation.TokenSum }, promptsPerStep: 1).Objective
        );
        Assert.IsType<LoggedObjective>(
            Trained(Algorithms.Grpo with { Advantage = new GroupMean() }, promptsPerStep: 4).Objective
        );
    }

    private TokenReport Trained(Objective objective, int promptsPerStep)
    {
        var task = new LetterTask { Score = (_, completion) => completion.Text.Length };
        var run = new Trainer(
            new BigramPolicy(task.Vocabulary, 3),
            task,
            objective,
            new TrainerOptions
            {
                Seed = 1,
                Prompts = 4,
                Group = 16,
                HeldOutPrompts = 2,
            }
        ).Train(2);
        RunLog.Write(_folder["ours.jsonl"], run, promptsPerStep, overwrite: true);
        return RunLog.Read(_folder["ours.jsonl"]).Steps[^1].Report!;
    }

    private TrainingRun Read(params string[] lines)
    {
        File.WriteAllLines(_folder["foreign.jsonl"], lines);
        return RunLog.Read(_folder["foreign.jsonl"]);
    }

    /// <summary>A step with a response of two tokens, and perhaps one of one token.</summary>
    private static string Step(string columns, string? second = null)
    {
        var responses = Response("r0", 1, "\"ids\":[1,2],\"strings\":[\"a\",\"b\"]", columns);
        if (second is not null)
            responses += "," + Response("r1", 0, "\"ids\":[1],\"strings\":[\"c\"]", second);
        return $$"""{"step":0,"metrics":{"reward":0.5},"prompts":[{"prompt":"p","responses":[{{responses}}]}]}""";
    }

    private static string Response(string id, int reward, string tokens, string columns)
    {
        if (columns.Trim().Length > 0)
            tokens += "," + columns.Trim();
        return $$"""{"id":"{{id}}","reward":{{reward}},"tokens":{ {{tokens}} } }""";
    }
}
