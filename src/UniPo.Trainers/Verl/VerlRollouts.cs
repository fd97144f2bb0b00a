using System.Text.Json;

namespace UniPo;

/// <summary>verl's rollout dump: <c>input</c>, <c>output</c>, <c>score</c>, <c>step</c> and what the reward function returned.</summary>
/// <remarks>
/// verl/trainer/ppo/ray_trainer.py at 1dda039b. The default trainer since 2026 writes a <c>uid</c>, prompt_rollout_output; the
/// older one none, so that equal prompts are one group.
/// </remarks>
internal sealed class VerlRollouts : RolloutFormat
{
    public override LogFormat Kind => LogFormat.VerlRollouts;

    public override bool Fits(JsonElement line) =>
        LenientJson.Find(line, "input") is not null
        && LenientJson.Find(line, "output") is not null
        && line.TryGetProperty("score", out _);

    public override string? StepField => "step";

    public override string? RewardField => "score";

    public override string GroupField => "input";

    public override string LengthField => "output";

    public override LoggedResponse Read(JsonElement line) =>
        new()
        {
            Prompt = LenientJson.Text(LenientJson.Find(line, "input")) ?? "",
            Text = LenientJson.Text(LenientJson.Find(line, "output")) ?? "",
            Answer = LenientJson.Find(line, "gts") is { } answer ? LenientJson.Text(answer) ?? answer.GetRawText() : null,
            Reward = LenientJson.Number(LenientJson.Find(line, "score")),
            Parts =
            [
                .. line.EnumerateObject()
                    .Where(p => p.Name is not ("input" or "output" or "gts" or "score" or "step" or "uid" or "request_id"))
                    .Select(p => (p.Name, LenientJson.Number(p.Value)))
                    .Where(p => double.IsFinite(p.Item2)),
            ],
        };
}
