using UniPo.Numerics;

namespace UniPo.Interactive.Tests;

/// <summary>An objective that takes its weights from a test, so that views are tested without the rooms that compute them.</summary>
internal sealed record GivenWeights : Objective
{
    public override TokenReport Evaluate(RolloutBatch batch) => throw new NotSupportedException("Sample objectives are already evaluated.");
}

/// <summary>Plain data for the views: small batches that can be added up by hand, and runs with known curves.</summary>
internal static class Sample
{
    /// <summary>A batch from prompts, each with answers, rewards and whether they were cut off. The numbers come from a fixed seed.</summary>
    public static RolloutBatch Batch(params (string Prompt, string? Answer, (string[] Symbols, double Reward, bool Cut)[] Responses)[] groups)
    {
        var random = new SeededRandom(3);
        var responses = groups.SelectMany(g => g.Responses).ToArray();
        var layout = new TokenLayout([.. responses.Select(r => r.Symbols.Length)], [.. groups.Select(g => g.Responses.Length)]);
        double[] Draw(Func<double> f) => [.. Enumerable.Range(0, layout.Tokens).Select(_ => f())];
        var old = Draw(() => -Math.Pow(random.NextDouble(), 2) * 3);
        return new RolloutBatch
        {
            Groups = [.. groups.Select(g => new ResponseGroup(new Prompt(g.Prompt, g.Answer),
                [.. g.Responses.Select(r => new Response { Symbols = r.Symbols, Reward = r.Reward, Truncated = r.Cut })]))],
            Layout = layout,
            OldLogProbs = new TokenColumn(layout, old),
            LogProbs = new TokenColumn(layout, [.. old.Select(o => Math.Min(0, o + (random.NextDouble() - 0.5) * 0.6))]),
            ReferenceLogProbs = new TokenColumn(layout, [.. old.Select(o => o - 0.05)]),
            Entropies = new TokenColumn(layout, Draw(() => random.NextDouble() * 1.5)),
        };
    }

    /// <summary>Two sums with four answers each; every answer to the second is right, so its group is silent.</summary>
    public static RolloutBatch Sums() => Batch(
        ("37+58=", "95", [(["9", "5", "$"], 1, false), (["8", "5", "$"], 0, false), (["9", "5", "$"], 1, false), (["8", "5", "5", " ", "\n", "9"], 0, true)]),
        ("12+07=", "19", [(["1", "9", "$"], 1, false), (["1", "9", "$"], 1, false), (["1", "9", "$"], 1, false), (["1", "9", "$"], 1, false)]));

    /// <summary>A bigger batch: P prompts with G answers each, some with a long scratchpad.</summary>
    public static RolloutBatch Large(int prompts = 4, int group = 8, int longest = 14)
    {
        var random = new SeededRandom(11);
        return Batch([.. Enumerable.Range(0, prompts).Select(p =>
        {
            var (a, b) = (random.NextInt(90) + 10, random.NextInt(90) + 10);
            return ($"{a}+{b}=", (string?)$"{a + b}", Enumerable.Range(0, group).Select(_ =>
            {
                var right = random.NextDouble() < 0.45;
                var pad = string.Concat(Enumerable.Range(0, random.NextInt(Math.Max(1, longest - 4))).Select(_ => "0123456789+;> "[random.NextInt(14)]));
                var text = pad + (right ? $"{a + b}" : $"{a + b - 10}");
                var cut = !right && random.NextDouble() < 0.2;
                return (text.Select(c => c.ToString()).Concat(cut ? [] : ["$"]).ToArray(), right ? 1.0 : 0.0, cut);
            }).ToArray());
        })]);
    }

    /// <summary>GRPO by its formula: group mean and standard deviation, ratio clipped at 0.2, mean over tokens, then over responses.</summary>
    public static TokenReport Grpo(RolloutBatch batch)
    {
        var layout = batch.Layout;
        double[] advantage = new double[layout.Tokens], ratio = new double[layout.Tokens], weight = new double[layout.Tokens], term = new double[layout.Tokens], share = new double[layout.Tokens];
        var clipped = new ClipSide[layout.Tokens];
        for (var row = 0; row < layout.Responses; row++)
        {
            var rewards = batch.Groups[layout.GroupOf[row]].Responses.Select(r => r.Reward).ToArray();
            var mean = rewards.Average();
            var std = Math.Sqrt(rewards.Sum(r => (r - mean) * (r - mean)) / Math.Max(1, rewards.Length - 1));
            for (var t = layout.RowStarts[row]; t < layout.RowStarts[row + 1]; t++)
            {
                advantage[t] = (batch.Responses[row].Reward - mean) / (std + 1e-4);
                ratio[t] = Math.Exp(batch.LogProbs.Values[t] - batch.OldLogProbs.Values[t]);
                clipped[t] = ratio[t] > 1.2 && advantage[t] > 0 ? ClipSide.High : ratio[t] < 0.8 && advantage[t] < 0 ? ClipSide.Low : ClipSide.None;
                share[t] = 1.0 / layout.Responses / layout.Length(row);
                term[t] = Math.Min(ratio[t] * advantage[t], Math.Clamp(ratio[t], 0.8, 1.2) * advantage[t]);
                weight[t] = clipped[t] == ClipSide.None ? ratio[t] * advantage[t] * share[t] : 0;
            }
        }
        TokenColumn Column(double[] values) => new(layout, values);
        return new TokenReport
        {
            Objective = new GivenWeights { Name = "GRPO" }, Batch = batch, Weight = Column(weight), Advantage = Column(advantage), Ratio = Column(ratio),
            Clipped = clipped, TokenObjective = Column(term), AggregationWeight = Column(share),
            Summary = new ObjectiveSummary
            {
                Objective = term.Zip(share, (t, s) => t * s).Sum(), ClipFraction = clipped.Count(c => c != ClipSide.None) / (double)layout.Tokens,
                TokensWithoutGradient = weight.Count(w => w == 0) / (double)layout.Tokens,
            },
        };
    }

    /// <summary>A run whose reward climbs from 0.3 to about 0.8 in a noisy way.</summary>
    public static TrainingRun Run(int steps = 60, ulong seed = 7, string algorithm = "GRPO", double speed = 1, int passes = 1)
    {
        var random = new SeededRandom(seed);
        return new TrainingRun
        {
            Header = new RunHeader { Algorithm = algorithm, Task = "addition", Model = "base", Seed = seed, GroupSize = 8, PromptsPerStep = 16 },
            Steps = [.. Enumerable.Range(0, steps).Select(s => Step(s, passes, speed, steps, random))],
            Before = new HeldOutAccuracy(0.312, 0.3, 512),
            After = new HeldOutAccuracy(0.781, 0.77, 512),
        };
    }

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
