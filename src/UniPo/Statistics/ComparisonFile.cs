using System.Globalization;
using System.Text.Json;

namespace UniPo;

/// <summary>Writes a comparison as <c>compare.json</c>: every number of every seed, and what was made of them.</summary>
public static class ComparisonFile
{
    /// <summary>Writes the file, atomically.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="path">The file; replaced when it exists.</param>
    public static void Save(this Comparison comparison, string path)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        AtomicFile.Write(
            path,
            overwrite: true,
            file =>
            {
                using var json = new Utf8JsonWriter(
                    file,
                    new JsonWriterOptions { Indented = true, Encoder = RunLogFormat.Writing.Encoder }
                );
                Write(json, comparison);
            }
        );
    }

    private static void Write(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteString("task", comparison.Task);
        json.WriteNumber("steps", comparison.Steps);
        json.WriteStartArray("algorithms");
        foreach (var summary in comparison.Summaries)
            Write(json, summary, comparison.RunsOf(summary.Algorithm));
        json.WriteEndArray();
        json.WriteStartArray("failed");
        foreach (var failed in comparison.Failed)
        {
            json.WriteStartObject();
            json.WriteString("algorithm", failed.Algorithm);
            json.WriteString("seed", failed.Seed.ToString(CultureInfo.InvariantCulture));
            json.WriteString("reason", failed.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (var note in comparison.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AlgorithmSummary summary, IReadOnlyList<TrainingRun> runs)
    {
        json.WriteStartObject();
        json.WriteString("algorithm", summary.Algorithm);
        json.WriteStartArray("runs");
        foreach (var run in runs)
        {
            json.WriteStartObject();
            json.WriteString("seed", run.Header.Seed.ToString(CultureInfo.InvariantCulture)); // text: a JSON number loses bits beyond 2^53
            json.WriteNumber("before", Comparison.Value(run.Before));
            json.WriteNumber("after", Comparison.Value(run.After));
            json.WriteNumber("seconds", run.Steps.Sum(s => s.Duration.TotalSeconds));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, "before", summary.Before);
        Write(json, "after", summary.After);
        Write(json, "gain", summary.Gain);
        Write(json, "seconds", summary.Seconds);
        if (summary.Against is { } against)
            Write(json, "against_the_first", against);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, SeedSummary summary)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean", summary.Estimate.Mean);
        json.WriteNumber("median", summary.Median);
        json.WriteNumber("seeds", summary.Estimate.Count);
        if (summary.Estimate.Count > 1) // one seed knows no error: its interval is infinite, which JSON cannot say
        {
            json.WriteNumber("standard_error", summary.Estimate.StandardError);
            Interval(json, "student_95", summary.Estimate.Low, summary.Estimate.High);
            Interval(json, "bootstrap_95", summary.Bootstrap.Low, summary.Bootstrap.High);
        }
        json.WriteEndObject();
    }

    private static void Interval(Utf8JsonWriter json, string name, double low, double high)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(low);
        json.WriteNumberValue(high);
        json.WriteEndArray();
    }
}
