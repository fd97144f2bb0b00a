using UniPo.Numerics;

namespace UniPo.Interactive.Tests;

/// <summary>Plain data for the views: small batches that can be added up by hand, and runs with known curves.</summary>
internal static class Sample
{
    /// <summary>
    /// A batch from prompts, each with answers, rewards and whether they were cut off. The numbers come from a fixed seed.
    /// </summary>
    public static RolloutBatch Batch(
        params (string Prompt, string? Answer, (string[] Symbols, double Reward, bool Cut)[] Responses)[] groups
    )
    {
        var random = new SeededRandom(3);
        var responses = groups.SelectMany(g => g.Responses).ToArray();
        var layout = new TokenLayout([.. responses.Select(r => r.Symbols.Length)], [.. groups.Select(g => g.Responses.Length)]);
        double[] Draw(Func<double> f) => [.. Enumerable.Range(0, layout.Tokens).Select(_ => f())];
        var old = Draw(() => -Math.Pow(random.NextDouble(), 2) * 3);
        return new RolloutBatch
        {
            Groups =
            [
                .. groups.Select(g => new ResponseGroup(
                    new Prompt(g.Prompt, g.Answer),
                    [
                        .. g.Responses.Select(r => new Response
                        {
                            Symbols = r.Symbols,
                            Reward = r.Reward,
                            Truncated = r.Cut,
                        }),
                    ]
                )),
            ],
            Layout = layout,
            OldLogProbs = new TokenColumn(layout, old),
            LogProbs = new TokenColumn(layout, [.. old.Select(o => Math.Min(0, o + (random.NextDouble() - 0.5) * 0.6))]),
            ReferenceLogProbs = new TokenColumn(layout, [.. old.Select(o => o - 0.05)]),
            Entropies = new TokenColumn(layout, Draw(() => random.NextDouble() * 1.5)),
        };
    }

    /// <summary>Two sums with four answers each; every answer to the second is right, so its group is silent.</summary>
    public static RolloutBatch Sums() =>
        Batch(
            (
                "37+58=",
                "95",
                [
                    (["9", "5", "$"], 1, false),
                    (["8", "5", "$"], 0, false),
                    (["9", "5", "$"], 1, false),
                    (["8", "5", "5", " ", "\n", "9"], 0, true),
                ]
            ),
            (
                "12+07=",
                "19",
                [
                    (["1", "9", "$"], 1, false),
                    (["1", "9", "$"], 1, false),
                    (["1", "9", "$"], 1, false),
                    (["1", "9", "$"], 1, false),
                ]
            )
        );

    /// <summary>A bigger batch: P prompts with G answers each, some with a long scratchpad.</summary>
    public static RolloutBatch Large(int prompts = 4, int group = 8, int longest = 14)
    {
        var random = new SeededRandom(11);
        return Batch([
            .. Enumerable
                .Range(0, prompts)
                .Select(p =>
                {
                    var (a, b) = (random.NextInt(90) + 10, random.NextInt(90) + 10);
                    return (
                        $"{a}+{b}=",
                        (string?)$"{a + b}",
                        Enumerable
                            .Range(0, group)
                            .Select(_ =>
                            {
                                var right = random.NextDouble() < 0.45;
                                var pad = string.Concat(
                                    Enumerable
                                        .Range(0, random.NextInt(Math.Max(1, longest - 4)))
                                        .Select(_ => "0123456789+;> "[random.NextInt(14)])
                                );
                                var text = pad + (right ? $"{a + b}" : $"{a + b - 10}");
                                var cut = !right && random.NextDouble() < 0.2;
                                return (
                                    text.Select(c => c.ToString()).Concat(cut ? [] : ["$"]).ToArray(),
                                    right ? 1.0 : 0.0,
                                    cut
                                );
                            })
                            .ToArray()
                    );
                }),
        ]);
    }

    /// <summary>GRPO's weights on a batch.</summary>
    public static TokenReport Grpo(RolloutBatch batch) => Algorithms.Grpo.Evaluate(batch);

    /// <summary>A run whose reward climbs from 0.3 to about 0.8 in a noisy way.</summary>
    public static TrainingRun Run(int steps = 60, ulong seed = 7, string algorithm = "GRPO", double speed = 1, int passes = 1)
    {
        var random = new SeededRandom(seed);
        return new TrainingRun
        {
            Header = new RunHeader
            {
                Algorithm = algorithm,
                Task = "addition",
                Model = "base",
                Seed = seed,
                GroupSize = 8,
                PromptsPerStep = 16,
            },
            Steps = [.. Enumerable.Range(0, steps).Select(s => Step(s, passes, speed, steps, random))],
            Before = new HeldOutAccuracy(0.312, 0.3, 512),
            After = new HeldOutAccuracy(0.781, 0.77, 512),
        };
    }

    /// <summary>A run whose steps keep their tokens: the weights GRPO gives to a small batch.</summary>
    public static TrainingRun RunWithTokens(int steps = 12, int passes = 2)
    {
        var run = Run(steps, passes: passes);
        return run with
        {
            Steps =
            [
                .. run.Steps.Select(s =>
                    s with
                    {
                        Report = Grpo(s.FirstAfterRollout ? OnPolicy(Large(3, 4, 8)) : Large(3, 4, 8)),
                    }
                ),
            ],
        };
    }

    /// <summary>Three times the same right answer, and a wrong one.</summary>
    public static RolloutBatch Twins()
    {
        var right = new HandResponse("95$", 1, [-0.1, -0.2, -0.01]);
        return RolloutBatch.ByHand("37+58=", [right, new HandResponse("85$", 0, [-2, -0.2, -0.01]), right, right]);
    }

    /// <summary>The answers to one prompt over five steps: 157, which is right, overtakes 47, which forgets to carry.</summary>
    public static TrainingRun Followed()
    {
        var sampled = Batch(
            (
                "99+58=",
                "157",
                [
                    (["4", "7", "$"], 0, false),
                    (["1", "5", "7", "$"], 1, false),
                    (["4", "7", "$"], 0, false),
                    (["1", "4", "7", "$"], 0, false),
                ]
            )
        );
        TokenColumn At(double share) =>
            new(
                sampled.Layout,
                [
                    .. sampled.Responses.SelectMany(r =>
                        r.Symbols.Select(
                            (_, t) =>
                                Math.Log(
                                    t > 0 ? 0.9 + 0.02 * share
                                    : r.Reward > 0 ? share
                                    : 0.9 - 0.85 * share
                                )
                        )
                    ),
                ]
            );
        return Run(5) with
        {
            Steps =
            [
                .. Run(5)
                    .Steps.Select(
                        (s, i) =>
                            s with
                            {
                                Step = 10 * i,
                                Report = Algorithms.Grpo.Evaluate(
                                    sampled with
                                    {
                                        LogProbs = At(0.2 + 0.18 * i),
                                        OldLogProbs = At(0.2 + 0.18 * Math.Max(0, i - 1)),
                                    }
                                ),
                            }
                    ),
            ],
        };
    }

    /// <summary>Three seeds of two settings; the second one learns faster.</summary>
    public static TrainingRun[] Seeds(int steps = 60) =>
        [
            .. new ulong[] { 1, 2, 3 }.Select(
                (seed, i) => Run(steps, seed) with { After = new HeldOutAccuracy(0.70 + 0.02 * i, 0.7, 512) }
            ),
            .. new ulong[] { 1, 2, 3 }.Select(
                (seed, i) =>
                    Run(steps, seed, "Dr. GRPO", speed: 2) with
                    {
                        After = new HeldOutAccuracy(0.78 + 0.025 * i, 0.8, 512),
                    }
            ),
        ];

    /// <summary>GRPO, and REINFORCE, on the same sums.</summary>
    public static TokenReport[] Reports() =>
        [
            Grpo(Sums()),
            Algorithms.Reinforce.Evaluate(Sums()),
            (Algorithms.Grpo with { Name = "no clip", Clip = Clip.None }).Evaluate(Sums()),
        ];

    /// <summary>The batch as it is before the policy has moved: old and new log-probabilities are equal.</summary>
    public static RolloutBatch OnPolicy(RolloutBatch batch) => batch with { LogProbs = batch.OldLogProbs };

    private static TrainingStep Step(int s, int passes, double speed, int steps, SeededRandom random)
    {
        var progress = 1 - Math.Exp(-3.0 * speed * s / Math.Max(1, steps));
        double Noise(double size) => random.NextGaussian() * size;
        return new TrainingStep
        {
            Step = s,
            Rollout = s / passes,
            FirstAfterRollout = s % passes == 0,
            Duration = TimeSpan.FromMilliseconds(35),
            Metrics = new Dictionary<string, double>
            {
                ["reward"] = Math.Clamp(0.3 + 0.5 * progress + Noise(0.04), 0, 1),
                ["policy_loss"] = Noise(0.004) - 0.002,
                ["grad_norm"] = 0.8 - 0.4 * progress + Math.Abs(Noise(0.1)),
                ["kl"] = 0.03 * progress * progress + Math.Abs(Noise(0.0008)),
                ["entropy"] = 0.62 - 0.35 * progress + Noise(0.02),
                ["response_length"] = 5.2 + 0.8 * progress + Noise(0.15),
                ["clip_fraction"] = s % passes == 0 ? 0 : Math.Clamp(0.02 + Noise(0.01), 0, 1),
            },
        };
    }
}
