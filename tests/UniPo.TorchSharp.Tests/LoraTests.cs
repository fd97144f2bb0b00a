using System.Text.Json;
using TorchSharp;
using UniPo.Torch;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

public class LoraTests
{
    private static readonly LoraOptions _options = new()
    {
        Rank = 4,
        Alpha = 8,
        Seed = 1,
    };

    [TorchFact]
    public void Fresh_adapters_change_nothing_and_are_all_that_is_trained()
    {
        using var scope = NewDisposeScope();
        var loaded = HuggingFace.Load(new Fixture("qwen2-gqa-tied-bf16").Folder);
        var tokens = tensor([5L, 6L, 7L], [1, 3]);
        var before = loaded.Model.forward(tokens).detach();
        loaded.Model.AddLora(_options);
        Assert.Equal(0, Fixture.Largest(loaded.Model.forward(tokens) - before));
        using var policy = loaded.Policy();
        Assert.All(policy.Parameters.Tensors, t => Assert.Contains(".lora_", t.Name));
        Assert.Equal(3 * 7 * 2, policy.Parameters.Tensors.Count);
        Assert.Throws<InvalidOperationException>(() => loaded.Model.AddLora(_options));
    }

    [TorchFact]
    public void A_clone_shares_what_is_frozen_and_has_adapters_of_its_own()
    {
        var loaded = HuggingFace.Load(new Fixture("qwen2-gqa-tied-bf16").Folder);
        loaded.Model.AddLora(_options);
        using var policy = loaded.Policy();
        using var copy = policy.Clone();
        var sequences = new TokenSequences(
            [
                [5, 6, 7],
            ],
            [
                [8, 9],
            ],
            [1]
        );
        double[] Score(TorchPolicy p)
        {
            var logProbs = new double[2];
            p.Score(sequences, 1, logProbs);
            return logProbs;
        }
        var before = Score(policy);
        Assert.Equal(before, Score(copy));
        foreach (ref var value in policy.Parameters.Values.AsSpan())
            value += 0.1f;
        Assert.NotEqual(before, Score(policy));
        Assert.Equal(before, Score(copy));
        var (a, b) = (Embedding(policy), Embedding(copy));
        using var none = no_grad();
        a.add_(1); // frozen memory is one and the same
        Assert.Equal(a.sum().item<float>(), b.sum().item<float>());
        static Tensor Embedding(TorchPolicy p) =>
            p.Model.named_parameters().First(x => x.name.Contains("embed_tokens")).parameter;
    }

    [TorchFact]
    public void Adapters_learn_and_are_saved_as_PEFT_lays_them_out()
    {
        using var scope = NewDisposeScope();
        var fixture = new Fixture("qwen2-gqa-tied-bf16");
        var loaded = HuggingFace.Load(fixture.Folder);
        loaded.Model.AddLora(_options);
        using var policy = loaded.Policy();
        var run = new Trainer(
            policy,
            new WantsTheEnd(),
            Algorithms.Grpo,
            new()
            {
                Seed = 2,
                LearningRate = 3e-2,
                MeasureHeldOut = false,
            }
        ).Train(8);
        Assert.True(run.Curve("reward").TakeLast(2).Average() > run.Curve("reward").Take(2).Average());

        var folder = Directory.CreateTempSubdirectory("unipo-peft-").FullName;
        loaded.SaveAdapters(folder);
        using (var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json"))))
        {
            Assert.Equal("LORA", json.RootElement.GetProperty("peft_type").GetString());
            Assert.Equal(4, json.RootElement.GetProperty("r").GetInt32());
            Assert.Equal(8, json.RootElement.GetProperty("lora_alpha").GetDouble());
        }
        using (var shard = SafetensorsReader.Open(Path.Combine(folder, "adapter_model.safetensors")))
            Assert.Contains("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", shard.Names);

        // The same model comes out of the base and its adapters, and out of a folder into which they were merged.
        var tokens = tensor([5L, 6L, 7L], [1, 3]);
        var trained = loaded.Model.forward(tokens).detach();
        using var again = HuggingFace.LoadModel(fixture.Folder);
        PeftFolder.Load(again, folder);
        Assert.Equal(0, Fixture.Largest(again.forward(tokens) - trained));
        var merged = Path.Combine(folder, "merged");
        loaded.Save(merged);
        using var whole = HuggingFace.LoadModel(merged);
        Assert.InRange(Fixture.Largest(whole.forward(tokens) - trained), 0, 1e-4f);
        Directory.Delete(folder, recursive: true);
    }

    [TorchFact]
    public void Adapters_for_layers_that_do_not_exist_are_refused_by_name()
    {
        using var model = Llama.Create(TrainingTests.Small, seed: 1);
        var fault = Assert.Throws<ArgumentException>(() => model.AddLora(new LoraOptions { Layers = ["query"] }));
        Assert.Contains("query", fault.Message);
        Assert.Contains("q_proj", fault.Message);
        Assert.Null(model.Lora);
        Assert.All(model.parameters(), p => Assert.True(p.requires_grad));
    }

    /// <summary>The shorter the answer, the better: what an untrained model can learn at once.</summary>
    private sealed class WantsTheEnd : ITask
    {
        public string Name => "short";

        public string Description => "Short answers are rewarded.";

        public Vocabulary? Vocabulary => null;

        public int MaxTokens => 6;

        public IReadOnlyList<Prompt> TrainingPrompts { get; } = [new("27+58="), new("1+2="), new("the answer is")];

        public IReadOnlyList<Prompt> HeldOutPrompts => [new("3+4=")];

        public double Reward(Prompt prompt, Completion completion) => completion.Text.Contains(' ') ? 1 : 0;
    }
}
