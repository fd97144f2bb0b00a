using System.Text.Json.Nodes;
using UniPo.Torch;

namespace UniPo.TorchSharp.Tests;

public class TokenizerTests
{
    public static TheoryData<string> Folders => new("llama3-gqa-tied-bf16-2shards", "qwen2-gqa-tied-bf16");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Texts_become_the_expected_ids_and_come_back(string name)
    {
        var fixture = new Fixture(name);
        var tokenizer = ByteLevelTokenizer.Load(fixture.Folder, vocabulary: 416);
        foreach (var (text, ids) in fixture.Texts())
        {
            Assert.Equal(ids, tokenizer.Encode(text));
            // What closes a response stands for no text.
            Assert.Equal(text.Replace("<|im_end|>", ""), tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void Words_taken_whole_before_merging_as_Llama_3_does_give_the_same_ids()
    {
        var fixture = new Fixture("llama3-gqa-tied-bf16-2shards");
        var folder = Changed(fixture, root => root["model"]!["ignore_merges"] = true);
        var tokenizer = ByteLevelTokenizer.Load(folder, vocabulary: 416);
        foreach (var (text, ids) in fixture.Texts())
            Assert.Equal(ids, tokenizer.Encode(text));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void One_token_has_a_text_even_where_the_model_has_more_rows_than_the_tokenizer_tokens()
    {
        var tokenizer = ByteLevelTokenizer.Load(new Fixture("qwen2-gqa-tied-bf16").Folder, vocabulary: 416);
        Assert.Equal("<|im_start|>", tokenizer.TextOf(406));
        Assert.Equal("[415]", tokenizer.TextOf(415));
        Assert.Equal("", tokenizer.Decode([415]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.TextOf(416));
    }

    [Fact]
    public void Generation_config_says_which_tokens_close_a_response()
    {
        var folder = new Fixture("qwen2-gqa-tied-bf16").Copy();
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{"eos_token_id": [408, 407]}""");
        var tokenizer = ByteLevelTokenizer.Load(folder, vocabulary: 416);
        Assert.Equal(408, tokenizer.End);
        Assert.True(tokenizer.IsEnd(407));
        Assert.False(tokenizer.IsEnd(406));
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            """{"eos_token": {"content": "<|im_end|>"}, "pad_token": "<|endoftext|>"}"""
        );
        tokenizer = ByteLevelTokenizer.Load(folder, vocabulary: 416);
        Assert.Equal((407, 408), (tokenizer.End, tokenizer.Pad));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Ids_beyond_the_model_are_refused_with_the_token_and_the_range()
    {
        var fault = Assert.Throws<InvalidDataException>(() =>
            ByteLevelTokenizer.Load(new Fixture("qwen2-gqa-tied-bf16").Folder, vocabulary: 400)
        );
        Assert.Contains("has the id 400", fault.Message);
        Assert.Contains("0 to 399", fault.Message);
    }

    public static TheoryData<string, string, string> Unsupported =>
        new()
        {
            {
                "model/type",
                "\"Unigram\"",
                "the model is of the type 'Unigram', which is not supported; supported: byte-level BPE"
            },
            { "model/byte_fallback", "true", "byte_fallback" },
            { "normalizer", """{"type": "Lowercase"}""", "the normalizer is 'Lowercase'" },
            { "pre_tokenizer", """{"type": "Metaspace"}""", "the pre-tokenizer is 'Metaspace'" },
            { "pre_tokenizer", """{"type": "ByteLevel", "add_prefix_space": true}""", "add_prefix_space" },
            { "pre_tokenizer", "null", "no pre-tokenizer is ByteLevel" },
        };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void Another_kind_of_tokenizer_is_refused_by_name(string path, string json, string message)
    {
        var folder = Changed(
            new Fixture("qwen2-gqa-tied-bf16"),
            root =>
            {
                var parts = path.Split('/');
                var holder = parts.Length == 1 ? root : root[parts[0]]!;
                holder[parts[^1]] = JsonNode.Parse(json);
            }
        );
        var fault = Assert.Throws<InvalidDataException>(() => ByteLevelTokenizer.Load(folder, vocabulary: 416));
        Assert.Contains(message, fault.Message);
        Assert.Contains("tokenizer.json", fault.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Text_that_would_have_to_be_composed_is_composed_or_refused_but_never_mangled()
    {
        var tokenizer = ByteLevelTokenizer.Load(new Fixture("qwen2-gqa-tied-bf16").Folder, vocabulary: 416);
        var fault = Record.Exception(() => Assert.Equal(tokenizer.Encode("caf\u00e9"), tokenizer.Encode("cafe\u0301")));
        if (fault is not null)
            Assert.Contains("InvariantGlobalization", Assert.IsType<ArgumentException>(fault).Message);
    }

    private static string Changed(Fixture fixture, Action<JsonNode> change)
    {
        var folder = fixture.Copy();
        var path = Path.Combine(folder, "tokenizer.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        change(root);
        File.WriteAllText(path, root.ToJsonString());
        return folder;
    }
}
