using System.Text.Json;
using UniPo.Torch;

namespace UniPo.TorchSharp.Tests;

public class ChatTemplateTests
{
    // The beginnings of the templates that Qwen2.5, Llama 3 and a model of another family ship.
    private const string Qwen = """
        {%- if messages[0]['role'] == 'system' %}{{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
        {%- else %}{{- '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{%- endif %}
        """;
    private const string Llama =
        "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>' }}";

    [Theory]
    [InlineData(
        Qwen,
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n1+2=<|im_end|>\n<|im_start|>assistant\n"
    )]
    [InlineData("{{ '<|im_start|>' + message['role'] }}", "<|im_start|>user\n1+2=<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(
        Llama,
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n1+2=<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
    )]
    public void A_question_stands_in_the_frame_its_template_gives_it(string template, string expected)
    {
        var folder = Folder(template);
        Assert.Equal(expected, ChatTemplate.Load(folder)!.Apply("1+2="));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_without_a_template_has_none_and_an_unknown_one_is_refused()
    {
        var folder = Folder("[INST] {{ messages[0] }} [/INST]");
        Assert.Contains(
            "new ChatTemplate(before, after)",
            Assert.Throws<InvalidDataException>(() => ChatTemplate.Load(folder)).Message
        );
        File.Delete(Path.Combine(folder, "tokenizer_config.json"));
        Assert.Null(ChatTemplate.Load(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_framed_task_asks_in_the_frame_and_rewards_as_before()
    {
        var plain = Tasks.Addition();
        var framed = new ChatTemplate("<", ">").Frame(plain);
        var (a, b) = (plain.TrainingPrompts[0], framed.TrainingPrompts[0]);
        Assert.Equal($"<{a.Text}>", b.Text);
        Assert.Null(framed.Vocabulary);
        Assert.Equal(plain.RightResponses(a), framed.RightResponses(b));
        var right = new Completion(a.Answer!, 3, false);
        Assert.Equal(1, framed.Reward(b, right));
        Assert.Equal(0, framed.Reward(b, right with { Text = "nonsense" }));
    }

    [TorchFact]
    public void Columns_become_padded_tensors_with_a_mask()
    {
        var layout = new TokenLayout([2, 3], [2], [true, true, true, false, true]);
        var (values, mask) = new TokenColumn(layout, [1, 2, 3, 4, 5]).Padded();
        Assert.Equal([1f, 2, 0, 3, 4, 5], values.data<float>().ToArray());
        Assert.Equal([true, true, false, true, false, true], mask.data<bool>().ToArray());
        Assert.Equal([2L, 3], values.shape);
    }

    private static string Folder(string template)
    {
        var folder = Directory.CreateTempSubdirectory("unipo-hf-").FullName;
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            JsonSerializer.Serialize(new Dictionary<string, string> { ["chat_template"] = template })
        );
        return folder;
    }
}
