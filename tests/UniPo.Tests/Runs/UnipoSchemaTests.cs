using System.Text.Json;

namespace UniPo.Tests;

/// <summary>
/// Holds a written log against UNIPO's canonical log format, field by field (its documented tables, in our words).
/// </summary>
public sealed class UnipoSchemaTests : IDisposable
{
    // What the format documents. A field outside these tables may only be the extension field.
    private static readonly string[] HeaderFields =
    [
        "type",
        "algorithm",
        "task",
        "dataset",
        "reward_strategy",
        "model_name",
        "reference_model_name",
        "totalSteps",
        "rollout_batch_size",
        "update_epochs",
        "hparams",
    ];
    private static readonly string[] StepFields =
    [
        "type",
        "step",
        "is_first_step_after_rollout_phase",
        "metrics",
        "batch",
        "prompts",
    ];
    private static readonly string[] ResponseFields = ["id", "reward", "advantage", "response_text", "response_length", "tokens"];
    private static readonly string[] TokenFields =
    [
        "ids",
        "strings",
        "log_probs",
        "old_log_probs",
        "ref_log_probs",
        "values",
        "advantages",
        "returns",
        "token_kl",
        "rewards",
        "token_objective",
        "prob",
        "token_loss",
    ];
    private const string Extension = "unipo";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private List<JsonElement> Written()
    {
        var task = new LetterTask();
        var trainer = new Trainer(
            new BigramPolicy(task.Vocabulary, 3),
            task,
            Algorithms.Grpo,
            new TrainerOptions
            {
                Prompts = 4,
                Group = 4,
                Passes = 2,
                TokensEvery = 2,
                LearningRate = 0.1,
            }
        );
        trainer.Record(6, _folder["run.jsonl"]);
        return [.. File.ReadLines(_folder["run.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    [Fact]
    public void The_header_has_the_documented_fields_and_types()
    {
        var header = Written()[0];
        Assert.Equal("grpo", header.GetProperty("algorithm").GetString());
        OnlyDocumented(header, HeaderFields);
        foreach (var text in new[] { "task", "dataset", "reward_strategy", "model_name", "reference_model_name" })
            Assert.Equal(JsonValueKind.String, header.GetProperty(text).ValueKind);
        foreach (var number in new[] { "totalSteps", "rollout_batch_size", "update_epochs" })
            Assert.Equal(JsonValueKind.Number, header.GetProperty(number).ValueKind);
        var hparams = header.GetProperty("hparams");
        foreach (var number in new[] { "clip_eps", "kl_coef", "learning_rate", "group_size", "n_samples_per_prompt" })
            Assert.Equal(JsonValueKind.Number, hparams.GetProperty(number).ValueKind);
    }

    [Fact]
    public void Every_step_has_a_number_a_phase_flag_and_the_required_metrics()
    {
        var steps = Written().Where(l => l.TryGetProperty("step", out _)).ToList();
        Assert.Equal(Enumerable.Range(0, 6), steps.Select(s => s.GetProperty("step").GetInt32()));
        Assert.Equal(
            [true, false, true, false, true, false],
            steps.Select(s => s.GetProperty("is_first_step_after_rollout_phase").GetBoolean())
        );
        foreach (var step in steps)
        {
            OnlyDocumented(step, StepFields);
            var metrics = step.GetProperty("metrics");
            Assert.All(metrics.EnumerateObject(), m => Assert.Equal(JsonValueKind.Number, m.Value.ValueKind));
            Assert.True(metrics.TryGetProperty("policy_objective", out _) && metrics.TryGetProperty("reward", out _));
        }
    }

    [Fact]
    public void Responses_have_unique_ids_and_token_arrays_of_equal_length()
    {
        var prompts = Written().Where(l => l.TryGetProperty("prompts", out _)).ToList();
        Assert.Equal(3, prompts.Count);
        foreach (var step in prompts)
        {
            var responses = step.GetProperty("prompts")
                .EnumerateArray()
                .SelectMany(p =>
                {
                    Assert.Equal(JsonValueKind.String, p.GetProperty("prompt").ValueKind);
                    OnlyDocumented(p, ["prompt", "responses"]);
                    return p.GetProperty("responses").EnumerateArray();
                })
                .ToList();
            Assert.Equal(responses.Count, responses.Select(r => r.GetProperty("id").GetString()).Distinct().Count());
            foreach (var response in responses)
                CheckResponse(response);
            var batch = step.GetProperty("batch");
            Assert.Equal(
                (4, 4),
                (batch.GetProperty("promptsInBatch").GetInt32(), batch.GetProperty("responsesPerPrompt").GetInt32())
            );
            Assert.InRange(
                batch.GetProperty("reuseEpoch").GetProperty("current").GetInt32(),
                1,
                batch.GetProperty("reuseEpoch").GetProperty("total").GetInt32()
            );
        }
    }

    private static void CheckResponse(JsonElement response)
    {
        OnlyDocumented(response, ResponseFields);
        foreach (var number in new[] { "reward", "advantage", "response_length" })
            Assert.Equal(JsonValueKind.Number, response.GetProperty(number).ValueKind);
        Assert.Matches("^[A-Za-z][A-Za-z0-9_-]*$", response.GetProperty("id").GetString()!); // it is used in CSS selectors
        var tokens = response.GetProperty("tokens");
        OnlyDocumented(tokens, TokenFields, extension: false);
        var length = response.GetProperty("response_length").GetInt32();
        Assert.Equal(
            response.GetProperty("response_text").GetString(),
            string.Concat(tokens.GetProperty("strings").EnumerateArray().Select(s => s.GetString()))
        );
        foreach (var required in new[] { "ids", "strings", "log_probs", "old_log_probs", "token_objective" })
            Assert.True(tokens.TryGetProperty(required, out _), required);
        Assert.All(tokens.EnumerateObject(), array => Assert.Equal(length, array.Value.GetArrayLength()));
        Assert.All(
            response.GetProperty(Extension).EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array),
            array => Assert.Equal(length, array.Value.GetArrayLength())
        );
        Assert.Equal(
            response.GetProperty("reward").GetDouble(),
            tokens.GetProperty("rewards").EnumerateArray().Sum(r => r.GetDouble())
        );
    }

    [Fact]
    public void No_line_holds_a_number_that_json_does_not_know()
    {
        _ = Written();
        Assert.DoesNotMatch("NaN|Infinity", File.ReadAllText(_folder["run.jsonl"]));
    }

    private static void OnlyDocumented(JsonElement json, string[] fields, bool extension = true)
    {
        foreach (var field in json.EnumerateObject())
            Assert.True(
                fields.Contains(field.Name) || (extension && field.Name == Extension),
                $"'{field.Name}' is not documented"
            );
    }
}
