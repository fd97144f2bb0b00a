using TorchSharp;
using TorchSharp.Modules;
using UniPo.Torch;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

/// <summary>TorchSharp models in UniPo's trainer.</summary>
public class TrainingTests
{
    private static readonly ITask _task = Tasks.Addition();

    [TorchTheory]
    [InlineData("GRPO")]
    [InlineData("PPO")]
    [InlineData("TRPO")]
    [InlineData("RLOO")]
    public void The_curve_is_that_of_the_own_engine(string algorithm)
    {
        var objective = Algorithms.All.First(a => a.Name == algorithm);
        var own = TinyTransformer.Load("addition");
        if (objective.Sampling.NeedsCritic)
            own = own.WithValueHead();
        using var torch = TorchPolicy.Of(own);
        var options = TrainerOptions.For(objective) with { Seed = 3, MeasureHeldOut = false, TokensEvery = 0 };
        var a = new Trainer(own, _task, objective, options).Train(6);
        var b = new Trainer(torch, _task, objective, options).Train(6);
        foreach (var metric in new[] { "reward", "policy_loss", "grad_norm", "entropy", "response_length" })
            if (a.Steps[0].Metrics.ContainsKey(metric))
                foreach (var (x, y) in a.Curve(metric).Zip(b.Curve(metric)))
                    Assert.Equal(x, y, Math.Max(1e-3, 1e-3 * Math.Abs(x)));
    }

    [TorchFact]
    public void A_module_of_ones_own_learns()
    {
        manual_seed(1);
        var vocabulary = _task.Vocabulary!;
        using var policy = TorchPolicy.From(() => new Recurrent(vocabulary.Count, 96), vocabulary, contextLength: 32);
        var teacher = BaseModel.Named("addition");
        var losses = new Pretraining
        {
            Steps = 120,
            Schedule = new() { Peak = 5e-3, WarmupSteps = 10 },
        }
            .Learn(policy, _task, (p, r) => teacher.Teacher(p, r, 0.7))
            .ToList();
        Assert.True(losses[^1] < 0.7 * losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
        var run = new Trainer(
            policy,
            _task,
            Algorithms.Grpo,
            new()
            {
                Seed = 7,
                LearningRate = 1e-3,
                MeasureHeldOut = false,
            }
        ).Train(3);
        Assert.Equal(3, run.Steps.Count);
        Assert.Equal("Recurrent", run.Header.Model);
    }

    [TorchFact]
    public void A_thousand_steps_leave_no_tensor_behind()
    {
        using var policy = TorchPolicy.Of(TinyTransformer.Load("addition"));
        using var reference = policy.Clone();
        var prompts = new[] { _task.Vocabulary!.Encode("1+2=") };
        var sequences = new TokenSequences(
            prompts,
            [
                [1, 2, 3],
                [4, 5],
            ],
            [2]
        );
        var weights = new double[] { 1, -1, 1, 0.5, -0.5 };
        long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        void Step()
        {
            using (var decoding = policy.Begin(prompts, 2, 4))
            {
                var chosen = new NextToken[2];
                ((IDecoding)decoding).Choose([0.3, 0.6], 1, chosen);
                decoding.Append([chosen[0].Token, chosen[1].Token]);
            }
            reference.Score(sequences, 1, new double[5], new double[5]);
            using var pass = policy.Forward(sequences, 1);
            pass.Backward(weights, weights);
        }
        for (var step = 0; step < 3; step++)
            Step();
        var before = Live();
        for (var step = 0; step < 1000; step++)
            Step();
        Assert.Equal(before, Live());
    }

    [TorchFact]
    public void A_run_that_is_taken_up_from_its_checkpoint_goes_on_as_if_uninterrupted()
    {
        var options = new TrainerOptions { Seed = 5, MeasureHeldOut = false };
        Trainer New() => new(TorchPolicy.Of(TinyTransformer.Load("addition")), _task, Algorithms.Grpo, options);
        var first = New();
        first.Train(2);
        var file = Path.Combine(Directory.CreateTempSubdirectory("unipo-").FullName, "state.safetensors");
        first.Checkpoint().Save(file);
        var second = New();
        second.Restore(SafetensorsFile.Load(file));
        var (a, b) = (first.Train(2), second.Train(2));
        Assert.Equal(a.Curve("reward"), b.Curve("reward"));
        Assert.Equal(a.Curve("grad_norm"), b.Curve("grad_norm"));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [TorchFact]
    public void A_clone_is_independent()
    {
        using var policy = TorchPolicy.Of(TinyTransformer.Load("addition"));
        using var copy = policy.Clone();
        Array.Fill(policy.Parameters.Values, 0);
        using var scope = NewDisposeScope();
        Assert.NotEqual(0, copy.Parameters.Values.Sum(Math.Abs));
        Assert.NotEqual(0, Fixture.Largest(copy.Model.forward(tensor([1L, 2L], [1, 2]))));
        Assert.Equal(0, Fixture.Largest(policy.Model.forward(tensor([1L, 2L], [1, 2]))));
    }

    [TorchFact]
    public void Training_stops_when_it_is_cancelled_and_keeps_its_steps()
    {
        using var cancellation = new CancellationTokenSource();
        using var policy = TorchPolicy.Of(TinyTransformer.Load("addition"));
        var trainer = new Trainer(policy, _task, Algorithms.Grpo, new() { MeasureHeldOut = false });
        var run = trainer.Train(50, new StopAfter(2, cancellation), cancellation.Token);
        Assert.Equal(2, run.Steps.Count);
        Assert.NotNull(run.Stopped);
    }

    [TorchFact]
    public void A_large_vocabulary_is_sampled_where_its_logits_are()
    {
        var config = Small with { Vocabulary = 5000 };
        using var policy = new TorchPolicy(Llama.Create(config, seed: 2), new NumberedTokens(5000));
        using var decoding = policy.Begin(
            [
                [1, 2, 3],
            ],
            4,
            2
        );
        var chosen = new NextToken[4];
        decoding.Choose([0, 0.5, 0.999999, NextToken.MostProbable], 0.8, chosen);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var logits = policy.Model.forward(tensor([1L, 2L, 3L], [1, 3])).select(1, 2).squeeze(0);
        var plain = logits.data<float>().ToArray();
        foreach (var (place, token) in new[] { 0, 0.5, 0.999999, NextToken.MostProbable }.Zip(chosen))
        {
            var expected = NextToken.Choose(plain, 0.8, place);
            Assert.Equal(expected.Token, token.Token);
            Assert.Equal(expected.LogProb, token.LogProb, 1e-4);
            Assert.Equal(expected.Entropy, token.Entropy, 1e-3);
        }
    }

    private sealed class StopAfter(int steps, CancellationTokenSource cancellation) : IProgress<TrainingStep>
    {
        private int _seen;

        public void Report(TrainingStep value)
        {
            if (++_seen == steps)
                cancellation.Cancel();
        }
    }

    internal static LlamaConfig Small { get; } =
        new()
        {
            Layers = 1,
            Width = 16,
            Heads = 2,
            KeyValueHeads = 1,
            HeadSize = 8,
            Hidden = 24,
            Vocabulary = 20,
            ContextLength = 32,
            TieEmbeddings = true,
        };

    /// <summary>Tokens that are their own numbers.</summary>
    internal sealed class NumberedTokens(int count) : ITokenizer
    {
        public int Count => count;

        public int Pad => 0;

        public int End => 0;

        public string TextOf(int token) => $"{token} ";

        public int[] Encode(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

        public string Decode(ReadOnlySpan<int> tokens) => string.Join(' ', tokens.ToArray());
    }

    /// <summary>What a reader would write: a recurrent network in a dozen lines.</summary>
    private sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding embed;
        private readonly GRU cells;
        private readonly Linear head;

        public Recurrent(int vocabulary, int width)
            : base(nameof(Recurrent))
        {
            (embed, cells, head) = (
                nn.Embedding(vocabulary, width),
                nn.GRU(width, width, batchFirst: true),
                nn.Linear(width, vocabulary)
            );
            RegisterComponents();
        }

        public override Tensor forward(Tensor tokens) => head.forward(cells.forward(embed.forward(tokens)).Item1);
    }
}
