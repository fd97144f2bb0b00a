using System.Text.Json.Nodes;
using TorchSharp;
using TorchSharp.Modules;
using UniPo.Torch;
using static TorchSharp.torch;

namespace UniPo.TorchSharp.Tests;

public class BadInputTests
{
    public static TheoryData<string, string, string> Configurations =>
        new()
        {
            { "model_type", "\"mamba\"", "the architecture 'mamba'; supported are llama, qwen2, qwen3" },
            { "hidden_act", "\"gelu\"", "the activation (hidden_act) is 'gelu'; supported is silu" },
            { "use_sliding_window", "true", "use_sliding_window" },
            { "rope_scaling", """{"rope_type": "yarn", "factor": 4}""", "the rope scaling 'yarn' is not supported" },
            { "rope_scaling", """{"rope_type": "linear"}""", "needs a positive 'factor'" },
            { "num_hidden_layers", "null", "lacks the number 'num_hidden_layers'" },
            { "num_hidden_layers", "2.5", "'num_hidden_layers' must be a whole number, but is 2.5" },
            { "num_key_value_heads", "3", "KeyValueHeads must divide Heads = 4" },
            { "quantization_config", "{}", "quantized weights" },
        };

    [TorchTheory]
    [MemberData(nameof(Configurations))]
    public void A_configuration_that_is_not_supported_is_named_with_what_is(string property, string json, string message)
    {
        var folder = new Fixture("qwen2-gqa-tied-bf16").Copy();
        Change(folder, "config.json", root => root[property] = JsonNode.Parse(json));
        var fault = Assert.Throws<InvalidDataException>(() => HuggingFace.Load(folder));
        Assert.Contains(message, fault.Message);
        Assert.Contains("config.json", fault.Message);
        Directory.Delete(folder, recursive: true);
    }

    [TorchFact]
    public void Tensors_that_are_missing_unknown_or_of_another_shape_are_named()
    {
        var folder = new Fixture("llama-mha-f32").Copy();
        Change(folder, "config.json", root => root["num_hidden_layers"] = 4);
        Assert.Contains("model.layers.3.", Fault(folder));
        Change(folder, "config.json", root => root["num_hidden_layers"] = 2);
        Assert.Contains("model.layers.2.", Fault(folder));
        Change(folder, "config.json", root => (root["num_hidden_layers"], root["intermediate_size"]) = (3, 150));
        Assert.Contains("150", Fault(folder));
        Assert.Contains("model.layers.0.mlp.", Fault(folder));
        Directory.Delete(folder, recursive: true);
        static string Fault(string folder) => Assert.Throws<InvalidDataException>(() => HuggingFace.LoadModel(folder)).Message;
    }

    [TorchFact]
    public void Types_truncated_files_and_numbers_that_are_not_finite_are_named()
    {
        var folder = new Fixture("llama-mha-f32").Copy();
        var path = Path.Combine(folder, "model.safetensors");
        var bytes = File.ReadAllBytes(path);
        string Fault(byte[] changed)
        {
            File.WriteAllBytes(path, changed);
            return Assert.Throws<InvalidDataException>(() => HuggingFace.LoadModel(folder)).Message;
        }
        var text = bytes.ToArray();
        var at = text.AsSpan().IndexOf("\"F32\""u8);
        "\"I32\""u8.CopyTo(text.AsSpan(at));
        Assert.Contains("has the type I32; only F32, F16 and BF16 are read", Fault(text));
        Assert.Contains("truncated or corrupt", Fault(bytes[..^100]));
        Assert.Contains("announces a header", Fault(bytes[..50]));
        Assert.Contains("no .safetensors file", Fault(bytes[..3]));
        var broken = bytes.ToArray();
        BitConverter.TryWriteBytes(broken.AsSpan(broken.Length - 4), float.NaN);
        Assert.Contains("NaN or infinite", Fault(broken));
        Directory.Delete(folder, recursive: true);
    }

    [TorchFact]
    public void A_folder_without_its_files_is_told_which_are_missing()
    {
        Assert.Contains("no folder", Assert.Throws<FileNotFoundException>(() => HuggingFace.Load("/no/such/folder")).Message);
        var folder = new Fixture("llama3-gqa-tied-bf16-2shards").Copy();
        File.Delete(Path.Combine(folder, "model-00002-of-00002.safetensors"));
        Assert.Contains(
            "model-00002-of-00002.safetensors",
            Assert.Throws<FileNotFoundException>(() => HuggingFace.Load(folder)).Message
        );
        folder = new Fixture("llama-mha-f32").Copy();
        Assert.Contains("tokenizer.json", Assert.Throws<FileNotFoundException>(() => HuggingFace.Load(folder)).Message);
        Directory.Delete(folder, recursive: true);
    }

    [TorchFact]
    public void A_module_that_returns_another_shape_is_told_both()
    {
        var tokens = new TrainingTests.NumberedTokens(20);
        var fault = Assert.Throws<ArgumentException>(() => TorchPolicy.From(() => new Reshaped(19), tokens, contextLength: 8));
        Assert.Contains("[B, T, V] = [1, 1, 20]", fault.Message);
        Assert.Contains("[1, 1, 19]", fault.Message);
        fault = Assert.Throws<ArgumentException>(() =>
            new TorchPolicy(Llama.Create(TrainingTests.Small, seed: 1), new TrainingTests.NumberedTokens(25))
        );
        Assert.Contains("gives 20 logits a token, but the tokenizer has 25 ids", fault.Message);
    }

    [TorchFact]
    public void A_model_that_shows_no_hidden_states_says_why_it_can_have_no_critic()
    {
        ITrainablePolicy policy = TorchPolicy.From(
            () => new Reshaped(20),
            new TrainingTests.NumberedTokens(20),
            contextLength: 8
        );
        Assert.False(policy.CanHaveValueHead);
        Assert.Contains("LanguageModel", Assert.Throws<NotSupportedException>(() => policy.WithValueHead()).Message);
    }

    [TorchFact]
    public void Sequences_beyond_the_context_and_unknown_ids_are_refused()
    {
        using var policy = new TorchPolicy(Llama.Create(TrainingTests.Small, seed: 1), new TrainingTests.NumberedTokens(20));
        Assert.Contains(
            "context of 32",
            Assert
                .Throws<ArgumentException>(() =>
                    policy.Begin(
                        [
                            [1, 2],
                        ],
                        1,
                        31
                    )
                )
                .Message
        );
        Assert.Contains(
            "id 20",
            Assert
                .Throws<ArgumentException>(() =>
                    policy.Begin(
                        [
                            [1, 20],
                        ],
                        1,
                        4
                    )
                )
                .Message
        );
        var sequences = new TokenSequences(
            [
                [1, 2],
            ],
            [
                [3, 99],
            ],
            [1]
        );
        Assert.Contains("id 99", Assert.Throws<ArgumentException>(() => policy.Forward(sequences, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            policy.Forward(
                new TokenSequences(
                    [
                        [1],
                    ],
                    [
                        [2],
                    ],
                    [1]
                ),
                0
            )
        );
    }

    [Theory]
    [InlineData("linux-x64", "dotnet add package libtorch-cpu-linux-x64 --version 2.10.0")]
    [InlineData("win-x64", "libtorch-cpu-win-x64 2.10.0")]
    [InlineData("osx-arm64", "TorchSharp-cpu")]
    [InlineData("linux-arm64", "TorchSharp has no libtorch for this platform")]
    public void Without_the_native_library_the_message_says_what_to_install(string platform, string advice)
    {
        var message = LibTorch.Missing(platform, "cannot open shared object file\nmore");
        Assert.Contains(advice, message);
        Assert.Contains(platform, message);
        Assert.EndsWith("The loader said: cannot open shared object file", message);
    }

    private static void Change(string folder, string file, Action<JsonNode> change)
    {
        var path = Path.Combine(folder, file);
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        change(root);
        File.WriteAllText(path, root.ToJsonString());
    }

    private sealed class Reshaped : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter logits;

        public Reshaped(int outputs)
            : base("reshaped")
        {
            logits = new Parameter(zeros(outputs));
            RegisterComponents();
        }

        public override Tensor forward(Tensor tokens) => logits.expand(tokens.size(0), tokens.size(1), logits.size(0));
    }
}
