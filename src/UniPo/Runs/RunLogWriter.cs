using System.Globalization;
using System.Text.Json;

namespace UniPo;

/// <summary>Turns a header, a step and the end of a run into one line of JSON each.</summary>
internal sealed class RunLogWriter(int promptsPerStep, int passes)
{
    private int _collectedAt;

    public static void Header(Utf8JsonWriter json, RunHeader header, HeldOutAccuracy? before)
    {
        json.WriteStartObject();
        json.WriteString("type", "header");
        json.WriteString("algorithm", RunLogFormat.Key(header.Algorithm));
        json.WriteString("task", header.Task);
        Optional(json, "dataset", header.Dataset);
        Optional(json, "reward_strategy", header.RewardStrategy);
        json.WriteString("model_name", header.Model);
        json.WriteString("reference_model_name", header.Model);
        json.WriteNumber("totalSteps", header.Steps);
        json.WriteNumber("rollout_batch_size", header.PromptsPerStep);
        json.WriteNumber("update_epochs", header.Passes);
        json.WriteStartObject("hparams");
        foreach (var (name, value) in header.Hyperparameters)
        {
            json.WritePropertyName(name);
            Value(json, name, value);
        }
        json.WriteEndObject();
        json.WriteStartObject(RunLogFormat.Extension);
        json.WriteNumber("version", RunLogFormat.Version);
        json.WriteString("algorithm", header.Algorithm);
        json.WriteString("seed", header.Seed.ToString(CultureInfo.InvariantCulture)); // a JSON number loses bits above 2^53
        Optional(json, "identity", header.Identity);
        json.WriteNumber("group_size", header.GroupSize);
        HeldOutLine(json, "before", before);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void Step(Utf8JsonWriter json, TrainingStep step)
    {
        if (step.FirstAfterRollout)
            _collectedAt = step.Step;
        json.WriteStartObject();
        json.WriteString("type", "step");
        json.WriteNumber("step", step.Step);
        json.WriteBoolean("is_first_step_after_rollout_phase", step.FirstAfterRollout);
        json.WriteStartObject("metrics");
        foreach (var (key, value) in step.Metrics)
            if (double.IsFinite(value))
                json.WriteNumber(key, value); // JSON knows no NaN: what could not be measured is left out
        json.WriteEndObject();
        if (step.Report is { } report)
            Rollout(json, step, report);
        json.WriteStartObject(RunLogFormat.Extension);
        json.WriteNumber("rollout", step.Rollout);
        json.WriteNumber("pass", step.Pass);
        if (step.Report is { } evaluated)
            Summary(json, evaluated);
        if (step.Report?.Totals is { } totals)
            Totals(json, totals);
        Warnings(json, step.Warnings);
        json.WriteNumber("seconds", step.Duration.TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A resumed run that takes another number of steps than the header announced.</summary>
    public static void Extended(Utf8JsonWriter json, int steps)
    {
        json.WriteStartObject();
        json.WriteString("type", RunLogFormat.Extended);
        json.WriteStartObject(RunLogFormat.Extension);
        json.WriteNumber("steps", steps);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void End(Utf8JsonWriter json, HeldOutAccuracy? after, string? stopped)
    {
        json.WriteStartObject();
        json.WriteString("type", RunLogFormat.End); // an entry without a step number, which UNIPO's script skips
        json.WriteStartObject(RunLogFormat.Extension);
        HeldOutLine(json, "after", after);
        Optional(json, "stopped", stopped);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Rollout(Utf8JsonWriter json, TrainingStep step, TokenReport report)
    {
        var batch = report.Batch;
        json.WriteStartObject("batch");
        json.WriteNumber("promptsInBatch", batch.Groups.Count);
        json.WriteNumber("responsesPerPrompt", batch.Layout.GroupSize(0));
        json.WriteNumber("rolloutCollectedAtStep", _collectedAt);
        json.WriteStartObject("reuseEpoch");
        json.WriteNumber("current", step.Pass + 1);
        json.WriteNumber("total", Math.Max(step.Pass + 1, passes));
        json.WriteEndObject();
        json.WriteEndObject();
        if (promptsPerStep == 0)
            return;
        json.WriteStartArray("prompts");
        for (var group = 0; group < Math.Min(promptsPerStep, batch.Groups.Count); group++)
        {
            json.WriteStartObject();
            json.WriteString("prompt", batch.Groups[group].Prompt.Text);
            json.WriteStartArray("responses");
            for (var row = batch.Layout.GroupStarts[group]; row < batch.Layout.GroupStarts[group + 1]; row++)
                ResponseLog.Write(json, report, row);
            json.WriteEndArray();
            if (batch.Groups[group].Prompt.Answer is { } answer)
            {
                json.WriteStartObject(RunLogFormat.Extension);
                json.WriteString("answer", answer);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Warnings(Utf8JsonWriter json, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
            return;
        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
    }

    private static void Totals(Utf8JsonWriter json, BatchTotals totals)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("responses", totals.Responses);
        json.WriteNumber("active_responses", totals.ActiveResponses);
        json.WriteNumber("active_tokens", totals.ActiveTokens);
        json.WriteNumber("prompts", totals.Groups);
        json.WriteNumber("max_length", totals.MaxLength);
        json.WriteEndObject();
    }

    private static void Summary(Utf8JsonWriter json, TokenReport report)
    {
        json.WriteNumber("temperature", report.Batch.Temperature);
        if (report.Batch.RewardNames.Count > 0)
        {
            json.WriteStartArray("reward_names");
            foreach (var name in report.Batch.RewardNames)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        json.WriteStartObject("summary");
        var summary = report.Summary;
        Number(json, "objective", summary.Objective);
        Number(json, "clip_fraction", summary.ClipFraction);
        Number(json, "clip_fraction_low", summary.ClipFractionLow);
        Number(json, "clip_fraction_high", summary.ClipFractionHigh);
        Number(json, "kl", summary.Kl);
        Number(json, "kl_to_old", summary.KlToOld);
        Number(json, "value_clip_fraction", summary.ValueClipFraction);
        Number(json, "ratio_mean", summary.RatioMean);
        Number(json, "ratio_min", summary.RatioMin);
        Number(json, "ratio_max", summary.RatioMax);
        Number(json, "silent_groups", summary.SilentGroups);
        Number(json, "tokens_without_gradient", summary.TokensWithoutGradient);
        json.WriteEndObject();
    }

    private static void HeldOutLine(Utf8JsonWriter json, string name, HeldOutAccuracy? accuracy)
    {
        if (accuracy is null)
            return;
        json.WriteStartObject(name);
        Number(json, "exact_probability", accuracy.ExactProbability);
        Number(json, "sampled_accuracy", accuracy.SampledAccuracy);
        json.WriteNumber("prompts", accuracy.Prompts);
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case IEnumerable<double> numbers:
                json.WriteStartArray();
                foreach (var number in numbers)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
                break;
            default:
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"The hyperparameter '{name}' must be a finite number, a list of numbers, a text or a truth value, but was {value} ({value?.GetType().Name})."
                    )
                );
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
