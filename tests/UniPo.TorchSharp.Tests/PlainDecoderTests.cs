using TorchSharp;
using UniPo.Torch;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

public class PlainDecoderTests
{
    [TorchTheory]
    [MemberData(nameof(Fixture.Names), MemberType = typeof(Fixture))]
    public void The_plain_decoder_gives_the_logits_of_the_original_modeling_files(string name)
    {
        using var scope = NewDisposeScope();
        var fixture = new Fixture(name);
        using var model = HuggingFace.LoadModel(fixture.Folder);
        var tokens = fixture.Tokens();
        var first = tokens.select(0, 0).narrow(0, 0, 12);
        var logits = new PlainDecoder(model).Logits(first.data<long>().ToArray());
        var expected = fixture.Logits(tokens).select(0, 0).narrow(0, 0, 12);
        Assert.InRange(Fixture.Largest(tensor([.. logits.SelectMany(r => r)]).view(12, -1) - expected), 0, 1e-4f);
    }

    [TorchFact]
    public void Qwen3_normalizes_queries_and_keys_as_the_plain_decoder_does()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var folder = Directory.CreateTempSubdirectory("unipo-hf-").FullName;
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            """
            {"model_type": "qwen3", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "head_dim": 12, "intermediate_size": 40, "vocab_size": 30, "max_position_embeddings": 64, "rope_theta": 1000000,
             "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "hidden_act": "silu", "attention_bias": false}
            """
        );
        var config = ConfigJson.Read(ModelFolder.Json(folder, "config.json"), "config.json");
        Assert.True(config.QueryKeyNorm);
        Assert.False(config.QueryKeyValueBias);
        using (var random = Llama.Create(config, seed: 3))
        {
            // Gains other than 1 show whether they are used.
            foreach (var (name, parameter) in random.named_parameters())
                parameter.mul_(name.Contains("norm") ? tensor(1.3f) : tensor(12f)).add_(name.Contains("k_norm") ? 0.4f : 0f);
            ModelExport.Write(random, folder, ScalarType.Float32, largest: long.MaxValue);
        }
        using var model = HuggingFace.LoadModel(folder);
        long[] tokens = [3, 14, 15, 9, 2, 6, 5];
        var expected = tensor([.. new PlainDecoder(model).Logits(tokens).SelectMany(r => r)]).view(7, -1);
        Assert.True(Fixture.Largest(expected) > 1);
        Assert.InRange(Fixture.Largest(model.forward(tensor(tokens, [1, 7])).squeeze(0) - expected), 0, 1e-4f);
        Directory.Delete(folder, recursive: true);
    }
}
