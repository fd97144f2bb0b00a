using System.Text.Json;
using System.Text.RegularExpressions;

namespace UniPo.Torch;

/// <summary>What stands before and after a question, so that a model tuned for chats answers it.</summary>
/// <param name="Before">Text before the question, special tokens included.</param>
/// <param name="After">Text after it: the answer follows.</param>
/// <remarks>
/// Templates of Hugging Face folders are programs (Jinja). The two common ones are recognised and written out for the simplest
/// case, one question without tools: ChatML (Qwen) and Llama 3. A standing system message of the template is kept.
/// </remarks>
public sealed partial record ChatTemplate(string Before, string After)
{
    /// <summary>The question in its frame.</summary>
    public string Apply(string question) => Before + question + After;

    /// <summary>A task whose questions all stand in this frame; rewards and answers are the task's.</summary>
    public ITask Frame(ITask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new FramedTask(task, this);
    }

    /// <summary>The template of a folder; null when it has none, as base models do.</summary>
    /// <exception cref="InvalidDataException">It is none of the two that are recognised.</exception>
    public static ChatTemplate? Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (Source(folder) is not { } source)
            return null;
        if (source.Contains("<|im_start|>", StringComparison.Ordinal))
        {
            var system = ChatMlSystem().Match(source) is { Success: true } match
                ? $"<|im_start|>system\n{match.Groups["text"].Value}<|im_end|>\n"
                : "";
            return new ChatTemplate(system + "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n");
        }
        if (source.Contains("<|start_header_id|>", StringComparison.Ordinal))
            return new ChatTemplate(
                "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n",
                "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
            );
        throw new InvalidDataException(
            $"{folder}: the chat template is not one of those recognised, ChatML (<|im_start|>) and Llama 3 (<|start_header_id|>). Write the frame yourself: new ChatTemplate(before, after)."
        );
    }

    private static string? Source(string folder)
    {
        var file = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(file))
            return File.ReadAllText(file);
        if (
            ModelFolder.JsonIfThere(folder, ModelFolder.TokenizerConfig) is not { } settings
            || !settings.TryGetProperty("chat_template", out var template)
        )
            return null;
        return template.ValueKind switch
        {
            JsonValueKind.String => template.GetString(),
            // Several by name: the one for chats is called "default".
            JsonValueKind.Array => template
                .EnumerateArray()
                .Where(t => t.TryGetProperty("name", out var name) && name.ValueEquals("default"))
                .Select(t => t.GetProperty("template").GetString())
                .FirstOrDefault(),
            _ => null,
        };
    }

    // A fixed system message, within a string of the template: "<|im_start|>system\nYou are a helpful assistant.<|im_end|>".
    [GeneratedRegex(@"<\|im_start\|>system(?:\\n|\n)(?<text>[^<{}'""]+)<\|im_end\|>", RegexOptions.CultureInvariant)]
    private static partial Regex ChatMlSystem();
}
