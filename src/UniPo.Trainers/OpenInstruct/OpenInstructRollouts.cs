using System.Text.Json;

namespace UniPo;

/// <summary>open-instruct's traces: one response a line, its prompt's and its own tokens apart.</summary>
/// <remarks>open_instruct/grpo_fast.py at e6c3044a. <c>prompt_idx</c> is the group within the step.</remarks>
internal sealed class OpenInstructRollouts : RolloutFormat
{
    public override LogFormat Kind => LogFormat.OpenInstruct;

    public override bool Fits(JsonElement line) =>
        LenientJson.Find(line, "response_tokens") is not null && LenientJson.Find(line, "prompt_idx") is not null;

    public override string? StepField => "step";

    public override string? RewardField => "reward";

    public override string GroupField => "prompt_idx";

    public override string LengthField => "response_tokens";

    public override LoggedResponse Read(JsonElement line)
    {
        var ids = LenientJson.Integers(LenientJson.Find(line, "response_tokens")) ?? [];
        var advantage = LenientJson.Number(LenientJson.Find(line, "advantage"));
        var sampler = LenientJson.Numbers(LenientJson.Find(line, "logprobs"));
        return new LoggedResponse
        {
            Prompt = TokenTexts.IdsAsText(LenientJson.Integers(LenientJson.Find(line, "prompt_tokens")) ?? []),
            Ids = ids,
            Answer = LenientJson.Find(line, "ground_truth") is { } truth ? LenientJson.Text(truth) ?? truth.GetRawText() : null,
            Reward = LenientJson.Number(LenientJson.Find(line, "reward")),
            Truncated = LenientJson.Text(LenientJson.Find(line, "finish_reason")) is { } reason ? reason == "length" : null,
            Columns = Columns(
                (ResponseColumn.Advantages, [.. Enumerable.Repeat(advantage, ids.Length)]),
                (ResponseColumn.SamplerLogProbs, sampler is null ? null : Part(sampler, 0, ids.Length, ids.Length))
            ),
        };
    }
}
