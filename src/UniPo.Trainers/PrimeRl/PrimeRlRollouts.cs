using System.Text.Json;

namespace UniPo;

/// <summary>prime-rl's token export: one sequence a line, prompt tokens included, arrays of one length.</summary>
/// <remarks>prime_rl/trainer/rl at 559b4477. The ratio of prime-rl is trainer over sampler, so the sampler's stand as the old ones.</remarks>
internal sealed class PrimeRlRollouts : RolloutFormat
{
    public override LogFormat Kind => LogFormat.PrimeRl;

    public override bool Fits(JsonElement line) =>
        LenientJson.Find(line, "token_ids") is not null
        && LenientJson.Find(line, "loss_mask") is not null
        && line.TryGetProperty("inference_logprobs", out _);

    public override string? StepField => "step";

    public override string? RewardField => null;

    public override string GroupField => "token_ids";

    public override string LengthField => "loss_mask";

    public override LoggedResponse Read(JsonElement line)
    {
        double[]? Numbers(string name) => LenientJson.Numbers(LenientJson.Find(line, name));
        var ids = LenientJson.Integers(LenientJson.Find(line, "token_ids")) ?? [];
        var mask = Numbers("loss_mask") ?? [];
        var from = Array.FindIndex(mask, m => m > 0);
        var to = Math.Min(Array.FindLastIndex(mask, m => m > 0) + 1, ids.Length);
        if (from < 0 || to <= from)
            (from, to) = (0, 0);
        double[] Response(string name) => Part(Numbers(name), from, to, ids.Length);
        return new LoggedResponse
        {
            Prompt = TokenTexts.IdsAsText(ids.AsSpan(0, from)),
            Ids = ids[from..to],
            Mask = mask.AsSpan(from, to - from).IndexOf(0.0) < 0 ? null : [.. mask[from..to].Select(m => m > 0)],
            Columns = Columns(
                (ResponseColumn.LogProbs, Response("trainer_logprobs")),
                (ResponseColumn.OldLogProbs, Response("inference_logprobs")),
                (ResponseColumn.Advantages, Response("advantages")),
                (ResponseColumn.Ratio, Response("importance_ratio")),
                (ResponseColumn.Entropy, Response("entropy")),
                (ResponseColumn.MismatchKl, Response("mismatch_kl"))
            ),
        };
    }
}
