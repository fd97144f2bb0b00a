namespace UniPo.Tests.Diagnosing;

/// <summary>Each illness is found where it was made on purpose, and nowhere in healthy runs.</summary>
public sealed class DiagnosisTests
{
    private const int Steps = 40;

    public static TheoryData<string> Recorded =>
        [
            .. Directory
                .EnumerateFiles(Repository.Path("data", "runs"), "*.jsonl")
                .Select(f => Path.GetFileName(f)!)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_run_gives_no_alarm(string file)
    {
        var report = UniPo.Diagnosis.Of(TrainerLog.Read(Repository.Path("data", "runs", file)));
        Assert.Equal(
            [],
            report.Checks.Where(c => c.Verdict is Verdict.Ill or Verdict.Look).Select(c => $"{c.Question} {c.Numbers}")
        );
        Assert.True(report.Checks.Count(c => c.Verdict == Verdict.Fine) >= 10);
    }

    // A healthy foreign run: reward rises, everything else stays in its range. Each illness changes one curve.
    private static Dictionary<string, Func<int, double>> Healthy() =>
        new()
        {
            ["reward"] = i => 0.2 + 0.5 * i / Steps + 0.02 * Math.Sin(i),
            ["policy_loss"] = i => 0.01 * Math.Cos(i),
            ["grad_norm"] = i => 0.5 + 0.1 * Math.Sin(3 * i),
            ["kl"] = i => 0.001 * i,
            ["entropy"] = i => 0.8 - 0.3 * i / Steps,
            ["response_length"] = i => 200 + i,
            ["truncated"] = _ => 0.02,
            ["silent_groups"] = i => 0.2 + 0.1 * Math.Sin(i),
            ["reward_std"] = _ => 0.4,
            ["clip_fraction"] = i => 0.01 + 0.001 * (i % 5),
            ["eval_reward"] = i => 0.2 + 0.4 * i / Steps,
            ["sampling/sampling_logp_difference/mean"] = _ => 0.01,
        };

    private static TrainingRun Run(Dictionary<string, Func<int, double>> curves) =>
        new()
        {
            Header = new RunHeader
            {
                Algorithm = "GRPO",
                Task = "unknown",
                Model = "unknown",
            },
            Steps =
            [
                .. Enumerable
                    .Range(1, Steps)
                    .Select(i => new TrainingStep
                    {
                        Step = i,
                        Rollout = i,
                        FirstAfterRollout = true,
                        Metrics = curves.ToDictionary(c => c.Key, c => c.Value(i)),
                    }),
            ],
        };

    private static DiagnosisReport With(params (string Metric, Func<int, double> Curve)[] illness)
    {
        var curves = Healthy();
        foreach (var (metric, curve) in illness)
            curves[metric] = curve;
        return UniPo.Diagnosis.Of(Run(curves));
    }

    private static void Finds(DiagnosisReport report, string question, Verdict verdict, params string[] others)
    {
        var found = report.Checks.Single(c => c.Question.Contains(question, StringComparison.Ordinal));
        Assert.True(found.Verdict == verdict, $"{found.Question} was {found.Verdict}: {found.Numbers}");
        Assert.Equal(
            [],
            report
                .Checks.Where(c =>
                    c.Verdict is Verdict.Ill or Verdict.Look
                    && c != found
                    && !others.Any(o => c.Question.Contains(o, StringComparison.Ordinal))
                )
                .Select(c => c.Question)
        );
        Assert.All(new[] { found.Threshold, found.Source, found.Meaning, found.Try, found.Lesson }, Assert.NotEmpty);
        Assert.Contains(found.Question.Split(' ')[0], report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_healthy_foreign_run_is_fine_throughout() => Assert.Equal(Verdict.Fine, With().Worst);

    [Fact]
    public void A_reward_that_never_moves() =>
        Finds(
            With(("reward", i => 0.3 + 0.02 * Math.Sin(2.1 * i)), ("eval_reward", _ => 0.3)),
            "Does the reward move",
            Verdict.Ill
        );

    [Fact]
    public void A_reward_that_collapses() =>
        Finds(With(("reward", i => i < 25 ? 0.2 + 0.02 * i : 0.1)), "stay where it was won", Verdict.Ill, "Does the reward move");

    [Fact]
    public void A_loss_of_0_without_gradient() =>
        Finds(With(("policy_loss", _ => 0), ("grad_norm", _ => 0)), "loss is (almost) 0", Verdict.Ill);

    [Fact]
    public void A_loss_of_0_with_a_gradient_is_how_centred_advantages_look() =>
        Assert.Equal(Verdict.Fine, With(("policy_loss", _ => 0)).Worst);

    [Fact]
    public void A_clip_that_never_bites() => Finds(With(("clip_fraction", _ => 0)), "clip never bites", Verdict.Look);

    [Fact]
    public void A_clip_that_stops_nearly_all() => Finds(With(("clip_fraction", i => i / 45.0)), "stop too much", Verdict.Ill);

    [Fact]
    public void Silent_groups() =>
        Finds(
            With(("silent_groups", i => Math.Min(0.95, i / 20.0)), ("reward", i => 0.3 + 0.001 * (i % 3))),
            "groups teach anything",
            Verdict.Ill,
            "Does the reward move"
        );

    [Fact]
    public void Silent_groups_of_a_solved_task_are_no_illness() =>
        Assert.Equal(
            Verdict.Fine,
            With(("silent_groups", i => Math.Min(0.95, i / 30.0)), ("reward", i => Math.Min(0.97, i / 30.0))).Worst
        );

    [Fact]
    public void A_length_that_drifts() =>
        Finds(
            With(("response_length", i => 100 * Math.Exp(i / 15.0)), ("reward", i => 0.5 + 0.04 * (i % 2))),
            "drift in length",
            Verdict.Ill,
            "Does the reward move"
        );

    [Fact]
    public void Responses_cut_off() => Finds(With(("truncated", i => 0.5 * i / Steps)), "cut off", Verdict.Ill);

    [Fact]
    public void An_entropy_that_collapses() =>
        Finds(
            With(("entropy", i => 0.8 * Math.Exp(-i / 5.0)), ("reward", i => 0.5 + 0.04 * (i % 2))),
            "entropy collapse",
            Verdict.Ill,
            "Does the reward move"
        );

    [Fact]
    public void A_KL_that_spikes() => Finds(With(("kl", i => i is 20 or 30 ? 8 : 0.05)), "KL spike", Verdict.Look);

    [Fact]
    public void A_sampler_that_computes_other_probabilities() =>
        Finds(With(("sampling/sampling_logp_difference/mean", _ => 0.2)), "Do sampler and trainer agree", Verdict.Look);

    [Fact]
    public void A_reward_that_does_not_carry_over() =>
        Finds(With(("eval_reward", i => i < 15 ? 0.2 + 0.01 * i : 0.35 - 0.01 * (i - 15))), "carry over", Verdict.Ill);

    [Fact]
    public void A_gradient_that_is_always_clipped() =>
        Finds(With(("grad_norm", i => 20 + i % 3)), "gradient always clipped", Verdict.Look);

    [Fact]
    public void A_spread_near_0() =>
        Finds(
            With(("reward_std", i => 0.4 * Math.Exp(-i / 4.0)), ("reward", i => 0.3 + 0.04 * (i % 2))),
            "rewards within a group differ",
            Verdict.Ill,
            "Does the reward move"
        );

    [Fact]
    public void Preferred_responses_that_fall() =>
        Finds(With(("rewards/chosen", i => -0.05 * i), ("rewards/margins", i => 0.1 * i)), "preferred responses", Verdict.Look);

    [Fact]
    public void Numbers_that_are_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["t.json"],
            "["
                + string.Join(
                    ",",
                    Enumerable
                        .Range(1, 10)
                        .Select(i => $$"""{"step": {{i}}, "epoch": 0.1, "loss": {{(i > 4 ? "NaN" : "0.5")}}, "grad_norm": 0.5}""")
                )
                + "]"
        );
        var check = UniPo.Diagnosis.Of(TrainerLog.Read(folder["t.json"])).Checks[0];
        Assert.Equal(Verdict.Ill, check.Verdict);
        Assert.Contains("policy_loss: 6 of 10 rows, first at step 5", check.Numbers, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_log_does_not_hold_is_said_and_counts_as_neither()
    {
        var report = UniPo.Diagnosis.Of(Run(new() { ["reward"] = i => i / 40.0 }));
        Assert.Equal(Verdict.Fine, report.Worst);
        Assert.Contains(report.Checks, c => c is { Verdict: Verdict.NotMeasured, Numbers: "The log does not hold the entropy." });
        Assert.Contains("Not measured", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_at_rate_0_does_not_move_its_reward()
    {
        var run = LetterTraining.New(LetterTraining.Options with { LearningRate = 0 }).Train(steps: 60);
        Assert.Contains(UniPo.Diagnosis.Of(run).Checks, c => c.Question == "Does the reward move?" && c.Verdict == Verdict.Ill);
    }

    [Fact]
    public void A_training_whose_reward_is_always_the_same_has_silent_groups_and_no_gradient()
    {
        var run = LetterTraining
            .New(task: new LetterTask { Score = (_, _) => 0.25 }, objective: Algorithms.Grpo with { Kl = Kl.None })
            .Train(steps: 40);
        var ill = UniPo.Diagnosis.Of(run).Checks.Where(c => c.Verdict == Verdict.Ill).Select(c => c.Question).ToArray();
        Assert.Contains("Do the groups teach anything?", ill);
        Assert.Contains("The loss is (almost) 0: is anything learned?", ill);
        Assert.Contains("Do rewards within a group differ?", ill);
    }

    [Fact]
    public void A_healthy_training_of_letters_gives_no_alarm() =>
        Assert.Equal(
            [],
            UniPo
                .Diagnosis.Of(LetterTraining.New().Train(steps: 60))
                .Checks.Where(c => c.Verdict == Verdict.Ill)
                .Select(c => $"{c.Question} {c.Numbers}")
        );
}
