using System.Text.Json;

namespace UniPo;

/// <summary>One response of a run log: UNIPO's fields, and ours beside them.</summary>
internal static class ResponseLog
{
    public static void Write(Utf8JsonWriter json, TokenReport report, int row)
    {
        var (batch, response) = (report.Batch, report.Batch.Responses[row]);
        json.WriteStartObject();
        json.WriteString("id", $"r{row}"); // unique within the step and free of characters that a CSS selector would misread
        json.WriteNumber("reward", response.Reward);
        if (report.Advantage is { } advantage)
            json.WriteNumber("advantage", Mean(advantage, row));
        json.WriteString("response_text", response.Text);
        json.WriteNumber("response_length", response.Length);
        json.WriteStartObject("tokens");
        json.WriteStartArray("ids");
        foreach (var id in response.Tokens ?? [.. Enumerable.Repeat(-1, response.Length)])
            json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteStartArray("strings");
        foreach (var symbol in response.Symbols)
            json.WriteStringValue(symbol);
        json.WriteEndArray();
        Column(json, "log_probs", batch.LogProbs, row);
        Column(json, "old_log_probs", batch.OldLogProbs, row);
        Column(json, "ref_log_probs", batch.ReferenceLogProbs, row);
        Column(json, "values", batch.Values ?? batch.OldValues, row);
        Column(json, "advantages", report.Advantage, row);
        Column(json, "token_kl", report.Kl, row);
        Column(json, "rewards", batch.TokenRewards, row);
        if (batch.TokenRewards is null)
            Sparse(json, response);
        Column(json, "token_objective", report.TokenObjective, row);
        json.WriteEndObject();
        Beyond(json, report, row);
        json.WriteEndObject();
    }

    /// <summary>What UNIPO has no field for: the weight of each token, and what it is made of.</summary>
    private static void Beyond(Utf8JsonWriter json, TokenReport report, int row)
    {
        var (batch, response) = (report.Batch, report.Batch.Responses[row]);
        json.WriteStartObject(RunLogFormat.Extension);
        json.WriteBoolean("truncated", response.Truncated);
        if (response.RewardParts.Count > 0)
        {
            json.WriteStartArray("reward_parts");
            foreach (var part in response.RewardParts)
                json.WriteNumberValue(part);
            json.WriteEndArray();
        }
        Column(json, "weight", report.Weight, row);
        Column(json, "ratio", report.Ratio, row);
        Column(json, "aggregation_weight", report.AggregationWeight, row);
        Column(json, "entropy", batch.Entropies, row);
        Column(json, "entropy_weight", report.EntropyWeight, row);
        Column(json, "value_weight", report.ValueWeight, row);
        Column(json, "old_values", batch.Values is null ? null : batch.OldValues, row);
        var start = batch.Layout.RowStarts[row];
        if (report.Clipped is { } clipped)
        {
            json.WriteStartArray("clipped"); // −1 at the lower bound, 1 at the upper, 0 where none bites
            for (var t = 0; t < response.Length; t++)
                json.WriteNumberValue(
                    clipped[start + t] switch
                    {
                        ClipSide.Low => -1,
                        ClipSide.High => 1,
                        ClipSide.Dropped => 2,
                        _ => 0,
                    }
                );
            json.WriteEndArray();
        }
        if (batch.Layout.ActiveInRow[row] < response.Length)
        {
            json.WriteStartArray("active");
            for (var t = 0; t < response.Length; t++)
                json.WriteBooleanValue(batch.Layout.IsActive(start + t));
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>An outcome reward belongs to the last token.</summary>
    private static void Sparse(Utf8JsonWriter json, Response response)
    {
        json.WriteStartArray("rewards");
        for (var t = 0; t < response.Length; t++)
            json.WriteNumberValue(t == response.Length - 1 ? response.Reward : 0);
        json.WriteEndArray();
    }

    private static void Column(Utf8JsonWriter json, string name, TokenColumn? column, int row)
    {
        if (column is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in column.Row(row))
            if (double.IsFinite(value))
                json.WriteNumberValue(value);
            else
                json.WriteNullValue();
        json.WriteEndArray();
    }

    private static double Mean(TokenColumn column, int row)
    {
        var (sum, count, start) = (0.0, 0, column.Layout.RowStarts[row]);
        for (var t = 0; t < column.Layout.Length(row); t++)
            if (column.Layout.IsActive(start + t))
                (sum, count) = (sum + column[row, t], count + 1);
        return count == 0 ? 0 : sum / count;
    }
}
