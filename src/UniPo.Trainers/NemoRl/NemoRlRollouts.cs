using System.Text.Json;

namespace UniPo;

/// <summary>NeMo-RL's <c>train_data_step*.jsonl</c>: every value is a list of one, tokens are padded to the batch.</summary>
/// <remarks>
/// nemo_rl/algorithms/grpo.py at 7ea279ab. Position t belongs to token t, and position 0 is unused. The response is what lies
/// between the first and the last token that the mask counts.
/// </remarks>
internal sealed class NemoRlRollouts : RolloutFormat
{
    public override LogFormat Kind => LogFormat.NemoRl;

    public override bool Fits(JsonElement line) =>
        LenientJson.Find(line, "token_ids") is not null && LenientJson.Find(line, "token_loss_mask") is not null;

    public override string? StepField => null;

    public override string? RewardField => "rewards";

    public override string GroupField => "token_ids";

    public override string LengthField => "token_loss_mask";

    public override LoggedResponse Read(JsonElement line)
    {
        double[]? Numbers(string name) => LenientJson.Numbers(LenientJson.Find(line, name));
        var ids = LenientJson.Integers(LenientJson.Find(line, "token_ids")) ?? [];
        var mask = Numbers("token_loss_mask") ?? [];
        var counts = LenientJson.Find(line, "sample_loss_mask") is not { } sample || LenientJson.Number(sample) != 0;
        var from = Array.FindIndex(mask, m => m > 0);
        var to = Math.Min(Array.FindLastIndex(mask, m => m > 0) + 1, ids.Length);
        if (from < 0 || to <= from)
            (from, to) = (0, 0);
        double[] Response(string name) => Part(Numbers(name), from, to, ids.Length);
        return new LoggedResponse
        {
            Prompt = TokenTexts.IdsAsText(ids.AsSpan(0, from)),
            Ids = ids[from..to],
            Reward = LenientJson.Number(LenientJson.Find(line, "rewards")),
            Mask =
                counts && mask.AsSpan(from, to - from).IndexOf(0.0) < 0 ? null : [.. mask[from..to].Select(m => m > 0 && counts)],
            Columns = Columns(
                (ResponseColumn.Advantages, Response("advantages")),
                (ResponseColumn.OldLogProbs, Response("prev_logprobs")),
                (ResponseColumn.SamplerLogProbs, Response("generation_logprobs"))
            ),
        };
    }
}
