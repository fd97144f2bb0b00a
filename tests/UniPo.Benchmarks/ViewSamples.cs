using System.Reflection;
using UniPo.Interactive;
using UniPo.Numerics;

namespace UniPo.Benchmarks;

/// <summary>What the views are measured on.</summary>
internal static class ViewSamples
{
    /// <summary>The script that gives views their interaction, as it is committed.</summary>
    public static string Script { get; } =
        File.ReadAllText(
            Path.Combine(
                typeof(ViewSamples)
                    .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                    .Single(a => a.Key == "RepositoryRoot")
                    .Value!,
                "src",
                "UniPo.Interactive",
                "Widgets",
                "dist",
                "unipo.js"
            )
        );

    /// <summary>A page as a host makes it.</summary>
    public static string Page(View view) =>
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>view</title></head><body>{view.ToHtml()}<script>{Script}</script></body></html>";

    /// <summary>500 steps, each with 2 prompts, 16 responses and 24 tokens.</summary>
    public static TrainingRun LongRun() => Run(500, step => Algorithms.Grpo.Evaluate(Batch(2, 16, 24, (ulong)step)));

    /// <summary>Two steps of 8 × 16 responses of 32 tokens: 4,096 tokens each.</summary>
    public static TrainingRun FourThousandTokens() => Run(2, step => Algorithms.Grpo.Evaluate(Batch(8, 16, 32, (ulong)step)));

    /// <summary>Views with their default settings, on what a default training gives.</summary>
    public static IEnumerable<(string Name, View View)> Defaults()
    {
        var report = Algorithms.Grpo.Evaluate(Batch(8, 16, 4, 1));
        var run = Run(150, _ => null);
        yield return ("token table, 8 × 16 responses", report.Tokens());
        yield return ("what-if", report.WhatIf());
        yield return ("learning curves of 150 steps", run.Curves());
        yield return (
            "learning curves of 3 settings × 5 seeds",
            Enumerable.Range(0, 15).Select(i => Run(150, _ => null, (ulong)i % 5, $"algorithm {i / 5}")).Curves()
        );
        yield return ("radial overview", run.Radial());
        yield return ("clip plot", report.ClipPlot());
        yield return ("distributions", report.Distributions());
        yield return (
            "same rollouts under 3 algorithms",
            new Objective[] { Algorithms.Grpo, Algorithms.DrGrpo, Algorithms.Reinforce }
                .Select(o => o.Evaluate(report.Batch))
                .SideBySide()
        );
        yield return ("moment", (run with { Steps = [run.Steps[^1] with { Report = report }] }).Moment());
        yield return ("formula card", Algorithms.Grpo.Card());
        yield return ("difference", new DifferenceCard(Algorithms.Grpo.Against(Algorithms.DrGrpo)));
    }

    private static TrainingRun Run(int steps, Func<int, TokenReport?> report, ulong seed = 7, string algorithm = "GRPO")
    {
        var random = new SeededRandom(seed);
        string[] keys =
        [
            "reward",
            "reward_std",
            "policy_loss",
            "grad_norm",
            "kl",
            "entropy",
            "response_length",
            "clip_fraction",
            "importance_sampling_ratio",
            "silent_groups",
            "tokens_without_gradient",
            "learning_rate",
        ];
        return new TrainingRun
        {
            Header = new RunHeader
            {
                Algorithm = algorithm,
                Task = "addition",
                Model = "addition",
                Seed = seed,
                GroupSize = 16,
                PromptsPerStep = 8,
            },
            Steps =
            [
                .. Enumerable
                    .Range(0, steps)
                    .Select(s => new TrainingStep
                    {
                        Step = s,
                        Rollout = s / 2,
                        FirstAfterRollout = s % 2 == 0,
                        Report = report(s),
                        Metrics = keys.ToDictionary(k => k, k => Math.Abs(random.NextGaussian() * 0.1 + 0.5 * s / steps)),
                    }),
            ],
        };
    }

    private static RolloutBatch Batch(int prompts, int group, int tokens, ulong seed)
    {
        var random = new SeededRandom(seed);
        var layout = new TokenLayout([.. Enumerable.Repeat(tokens, prompts * group)], [.. Enumerable.Repeat(group, prompts)]);
        double[] old = [.. Enumerable.Range(0, layout.Tokens).Select(_ => -0.01 - 2 * Math.Pow(random.NextDouble(), 3))];
        TokenColumn Near(double spread) => new(layout, [.. old.Select(o => Math.Min(o + spread * random.NextGaussian(), 0))]);
        return new RolloutBatch
        {
            Groups =
            [
                .. Enumerable
                    .Range(0, prompts)
                    .Select(p => new ResponseGroup(
                        new Prompt($"{10 + random.NextInt(90)}+{10 + random.NextInt(90)}=", "100"),
                        [
                            .. Enumerable
                                .Range(0, group)
                                .Select(_ => new Response
                                {
                                    Symbols =
                                    [
                                        .. Enumerable
                                            .Range(0, tokens - 1)
                                            .Select(_ => "0123456789+;> "[random.NextInt(14)].ToString()),
                                        "$",
                                    ],
                                    Reward = random.NextInt(2),
                                }),
                        ]
                    )),
            ],
            Layout = layout,
            LogProbs = Near(0.15),
            OldLogProbs = new TokenColumn(layout, old),
            ReferenceLogProbs = Near(0.2),
            Entropies = new TokenColumn(layout, [.. old.Select(o => -o)]),
        };
    }
}
